import { readFile, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { putBetween, table } from './tables.ts';
import type { Tally } from './tally.ts';

/** A rule broken on purpose, and how many of the runs noticed. */
export type Noticed = Readonly<{ rule: string; runs: number; noticed: number }>;

/** The results of all rows. */
export type Report = Readonly<{
  seed: number;
  tallies: readonly Tally[];
  broken: readonly Noticed[];
}>;

const tally = v.object({
  row: v.picklist(['kill', 'kill-steps', 'steps', 'answers', 'bytes', 'disk', 'rules', 'owners']),
  what: v.string(),
  family: v.nullable(v.picklist(['mas', 'tuwunel', 'continuwuity', 'oidc-provider'])),
  runs: v.number(),
  alive: v.number(),
  lostByServer: v.number(),
  lostByUs: v.array(v.string()),
  note: v.string(),
});
const report = v.object({
  seed: v.number(),
  tallies: v.array(tally),
  broken: v.array(v.object({ rule: v.string(), runs: v.number(), noticed: v.number() })),
});

/** The results of an earlier run, stored at `path`; null: missing or unreadable. */
export async function readReport(path: string): Promise<Report | null> {
  try {
    const parsed = v.safeParse(report, JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null; // no earlier run: every row is new
  }
}

/** Writes the tables between the markers of the document at `path`. */
export async function writeTables(path: string, found: Report): Promise<void> {
  const document = await readFile(path, 'utf8');
  await writeFile(path, putBetween(document, 'faults', tablesOf(found)));
}

function tablesOf({ seed, tallies, broken }: Report): string {
  const rows = tallies.map(({ what, family, runs, alive, lostByServer, lostByUs, note }) => [
    what,
    family ?? 'any',
    String(runs),
    String(alive),
    String(lostByServer),
    `**${lostByUs.length}**`,
    note,
  ]);
  const sum = (pick: (one: Tally) => number) =>
    String(tallies.reduce((n, one) => n + pick(one), 0));
  const total = [
    'total',
    '',
    sum(({ runs }) => runs),
    sum(({ alive }) => alive),
    sum(({ lostByServer }) => lostByServer),
    `**${sum(({ lostByUs }) => lostByUs.length)}**`,
    '',
  ];
  const head = [
    'what',
    'server',
    'runs',
    'kept',
    "lost by the server's rules",
    'lost by Keyfob',
    'note',
  ];
  const noticed = broken.map((one) => [one.rule, String(one.runs), String(one.noticed)]);
  return [
    `Seed ${seed}.`,
    table(head, [...rows, total]),
    'Rules broken on purpose:',
    table(['rule', 'runs', 'runs that noticed'], noticed),
  ].join('\n\n');
}
