import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newSession } from '../faults/session.ts';
import { startHomeserver } from '../homeserver/homeserver.ts';
import { KEYFOB, RealAgent, withFolder } from '../scale/real-agent.ts';
import { figureText, quantile } from '../scale/row.ts';
import { latencies, loadTime } from '../scale/socket.ts';
import { refreshCost, saveCost } from './refresh.ts';

const run = promisify(execFile);

/** Pairs of runs: what else the machine does meets both alike. */
const PAIRS = 30;

const PAGE = 'docs/performance.md';
const BEGIN = '<!-- figures: written by `npm run bench` -->';
const END = '<!-- end of figures -->';

type Figure = readonly [what: string, value: string, compared: string];

async function tokenFigures(): Promise<readonly Figure[]> {
  return withFolder(async (home) => {
    const server = await startHomeserver();
    const account = await newSession(server);
    const agent = await RealAgent.start(home, [account]);
    const ours: number[] = [];
    const bare: number[] = [];
    const ratios: number[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const bareMs = await timed(() => run(process.execPath, ['-e', '0']));
      const ourMs = await timed(() =>
        run(process.execPath, [KEYFOB, 'token', account.label], { env: agent.env }),
      );
      bare.push(bareMs);
      ours.push(ourMs);
      ratios.push(ourMs / bareMs);
    }
    const socket = await latencies(agent, account.label);
    await agent.stop();
    await server.close();
    const times = `${ms(quantile(ours, 0.5))} against ${ms(quantile(bare, 0.5))}`;
    return [
      [
        '`keyfob token`, whole process',
        `${quantile(ratios, 0.5).toFixed(2)} x \`node -e 0\``,
        times,
      ],
      ['token over the socket, connection included', ms(quantile(socket, 0.5)), tail(socket)],
    ];
  });
}

async function refreshFigures(): Promise<readonly Figure[]> {
  const { bare, whole } = await refreshCost(400);
  const saves = await saveCost(400);
  const added = quantile(whole, 0.5) - quantile(bare, 0.5);
  const addedTail = quantile(whole, 0.99) - quantile(bare, 0.99);
  return [
    [
      'refresh, two durable writes included',
      `${ms(added)} above the bare request`,
      `${ms(quantile(whole, 0.5))} against ${ms(quantile(bare, 0.5))}; p99 ${ms(addedTail)} above`,
    ],
    ['one durable write of an account', ms(quantile(saves, 0.5)), tail(saves)],
  ];
}

async function loadFigures(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  let first = Number.NaN;
  for (const count of [100, 1_000, 10_000]) {
    const taken = await loadTime(count);
    if (Number.isNaN(first)) first = taken.ms / count;
    const share = (taken.ms / count / first).toFixed(2);
    const perAccount = `${share} x the time per account of the first line`;
    const memory = `${figureText(taken.bytes / count / 1_024, 'KiB')} of heap per account`;
    // A hundred accounts are lost in what the collector leaves behind.
    const compared = count > 100 ? `${perAccount}; ${memory}` : perAccount;
    figures.push([`${figureText(count)} accounts from the disk`, ms(taken.ms), compared]);
  }
  return figures;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function ms(value: number): string {
  return figureText(value, 'ms');
}

function tail(values: readonly number[]): string {
  return `p99 ${ms(quantile(values, 0.99))}`;
}

const figures = [...(await tokenFigures()), ...(await refreshFigures()), ...(await loadFigures())];
const [load = 0] = loadavg();
const lines = [
  BEGIN,
  '',
  `Node ${process.versions.node}, ${process.platform}, ${cpus().length} cores, load ${load.toFixed(1)} at the end of the run.`,
  '',
  '| what | median | compared |',
  '| --- | --- | --- |',
  ...figures.map((cells) => `| ${cells.join(' | ')} |`),
  '',
  END,
].join('\n');
process.stdout.write(`${lines}\n`);
if (!process.argv.includes('--dry')) {
  const page = join(process.cwd(), PAGE);
  const text = await readFile(page, 'utf8');
  const [before = '', rest = ''] = text.split(BEGIN);
  await writeFile(page, `${before}${lines}${rest.split(END)[1] ?? '\n'}`);
}
