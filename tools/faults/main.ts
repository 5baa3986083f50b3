import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readReport, writeTables } from './report.ts';
import type { Noticed } from './report.ts';
import { runAnswers } from './rows/row-answers.ts';
import { runBytes } from './rows/row-bytes.ts';
import { runDisk } from './rows/row-disk.ts';
import { runKillSteps } from './rows/row-kill-steps.ts';
import { runKills } from './rows/row-kill.ts';
import { runOwners } from './rows/row-owners.ts';
import { runRules } from './rows/row-rules.ts';
import { runSteps } from './rows/row-steps.ts';
import { BROKEN_RULES } from './sabotage.ts';
import type { RowName, Tally } from './tally.ts';
import { FAMILIES } from './tally.ts';

const USAGE = `Usage: npm run faults -- [options]

  --runs N      random kills for each kind of server; default 1000
  --seed N      seed for the random kills; default: a new one, which is printed
  --only ROW    run only this row (repeatable); the others keep their last result
  --at-once N   agents that run at the same time; default 4
`;

/** How often two agents are started at once on one vault. */
const RESTARTS = 100;

const RESULTS = 'reports/faults.json';
const DOCUMENT = 'docs/reliability.md';

type Wish = Readonly<{ runs: number; seed: number; only: readonly string[]; atOnce: number }>;
type Row = Readonly<{ name: RowName | 'broken'; run: (wish: Wish) => Promise<readonly Tally[]> }>;

const ROWS: readonly Row[] = [
  {
    name: 'kill',
    run: ({ runs, seed, atOnce }) =>
      inTurn(async (family) => [
        await runKills(family, runs, seed, atOnce, progressOf(family, runs)),
      ]),
  },
  { name: 'kill-steps', run: () => inTurn(async (family) => [await runKillSteps(family)]) },
  { name: 'steps', run: () => inTurn((family) => runSteps(family)) },
  { name: 'answers', run: () => inTurn((family) => runAnswers(family)) },
  { name: 'bytes', run: () => inTurn(async (family) => [await runBytes(family)]) },
  { name: 'disk', run: async () => spoken(await runDisk()) },
  { name: 'rules', run: async () => spoken(await runRules()) },
  { name: 'owners', run: async () => spoken(await runOwners(RESTARTS)) },
];

/** Runs the rows. Resolves with the exit code: 1 if Keyfob lost a session. */
async function run(args: readonly string[]): Promise<number> {
  const wish = readWish(args);
  if (wish === null) {
    say(USAGE);
    return 2;
  }
  say(`Seed ${wish.seed}\n`);
  const last = await readReport(RESULTS);
  const isWanted = (name: string) => wish.only.length === 0 || wish.only.includes(name);
  const tallies: Tally[] = [];
  for (const { name, run: runRow } of ROWS) {
    const found = isWanted(name) ? await runRow(wish) : (last?.tallies ?? []).filter(isOf(name));
    tallies.push(...found);
  }
  const broken = isWanted('broken') ? await breakRules() : (last?.broken ?? []);
  const seed = isWanted('kill') ? wish.seed : (last?.seed ?? wish.seed);
  const report = { seed, tallies, broken };
  await mkdir('reports', { recursive: true });
  await writeFile(RESULTS, `${JSON.stringify(report, null, 2)}\n`);
  await writeTables(DOCUMENT, report);
  const lost = tallies.flatMap(({ lostByUs }) => lostByUs);
  const unnoticed = broken.filter(({ noticed }) => noticed === 0);
  say(`\nLost by Keyfob: ${lost.length}. Broken rules that went unnoticed: ${unnoticed.length}.\n`);
  return lost.length + unnoticed.length === 0 ? 0 : 1;
}

function readWish(args: readonly string[]): Wish | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        runs: { type: 'string', default: '1000' },
        seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
        only: { type: 'string', multiple: true, default: [] },
        'at-once': { type: 'string', default: '4' },
      },
    });
    const { runs, seed, only } = values;
    const numbers = [runs, seed, values['at-once']];
    const known = [...ROWS.map(({ name }) => name), 'broken'] as readonly string[];
    if (!numbers.every((text) => /^\d+$/.test(text))) return null;
    if (!only.every((name) => known.includes(name))) return null;
    return { runs: Number(runs), seed: Number(seed), only, atOnce: Number(values['at-once']) };
  } catch {
    return null; // parseArgs throws only for options it doesn't know
  }
}

async function inTurn(
  runFamily: (family: (typeof FAMILIES)[number]) => Promise<readonly Tally[]>,
): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  for (const family of FAMILIES) tallies.push(...spoken(await runFamily(family)));
  return tallies;
}

async function breakRules(): Promise<readonly Noticed[]> {
  const noticed: Noticed[] = [];
  for (const { rule, run: runBroken } of BROKEN_RULES) {
    const tallies = await runBroken();
    const count = (pick: (one: Tally) => number) => tallies.reduce((n, one) => n + pick(one), 0);
    const found = {
      rule,
      runs: count(({ runs }) => runs),
      noticed: count(({ lostByUs }) => lostByUs.length),
    };
    say(`broken on purpose: ${rule}: noticed by ${found.noticed} of ${found.runs} runs\n`);
    noticed.push(found);
  }
  return noticed;
}

/** Prints each result as soon as it is known, since some rows take long. */
function spoken(tallies: readonly Tally[]): readonly Tally[] {
  tallies.forEach(sayTally);
  return tallies;
}

function isOf(name: string): (tally: Tally) => boolean {
  return ({ row }) => row === name;
}

function progressOf(family: string, runs: number): (done: number) => void {
  return (done) => {
    if (done % 100 === 0) say(`${family}: ${done} of ${runs} kills\n`);
  };
}

function sayTally({ what, family, runs, alive, lostByServer, lostByUs, note }: Tally): void {
  const counts = `${runs} runs, ${alive} kept, ${lostByServer} lost by the server's rules`;
  say(`${family ?? 'any'}: ${what}: ${counts}, ${lostByUs.length} lost by Keyfob ${note}\n`);
  for (const how of new Set(lostByUs)) say(`  lost by Keyfob: ${how}\n`);
}

function say(text: string): void {
  process.stdout.write(text);
}

process.exitCode = await run(process.argv.slice(2));
