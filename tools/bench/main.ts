import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { newSession } from '../faults/session.ts';
import { startHomeserver } from '../homeserver/homeserver.ts';
import { KEYFOB, RealAgent, withFolder } from '../scale/real-agent.ts';
import { figureText, quantile } from '../scale/row.ts';
import { latencies, loadTime } from '../scale/socket.ts';
import type { Figure, Section } from './page.ts';
import { sectionText, withSections } from './page.ts';
import { refreshCost, saveCost } from './refresh.ts';
import type { Start } from './start.ts';
import { startTimes } from './start.ts';
import { windowSize } from './window-size.ts';

const run = promisify(execFile);

/** Pairs of runs, so that other load affects both alike. */
const PAIRS = 30;

/** Starts of the app, and of a bare window. */
const STARTS = 7;

const PAGE = 'docs/performance.md';

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
    // For a hundred accounts, the figure is within what the garbage collector leaves behind.
    const compared = count > 100 ? `${perAccount}; ${memory}` : perAccount;
    figures.push([`${figureText(count)} accounts from the disk`, ms(taken.ms), compared]);
  }
  return figures;
}

async function startFigures(): Promise<readonly Figure[]> {
  const { host, pairs } = await startTimes(STARTS);
  const bare = pairs.map((pair) => pair.bare.paintMs);
  const figure = (what: string, until: (start: Start) => number): Figure => {
    const ours = pairs.map((pair) => until(pair.app));
    const ratios = pairs.map((pair) => until(pair.app) / pair.bare.paintMs);
    const times = `${ms(quantile(ours, 0.5))} against ${ms(quantile(bare, 0.5))}`;
    return [what, `${quantile(ratios, 0.5).toFixed(2)} x a bare window`, `${times}, on ${host}`];
  };
  const hasTray = pairs.every((pair) => pair.app.trayMs !== null);
  return [
    hasTray
      ? figure('the app, until its tray is ready', ({ trayMs }) => trayMs ?? Number.NaN)
      : ['the app, until its tray is ready', 'not measured', 'this desktop has no tray'],
    figure('the app, until its window is painted', ({ paintMs }) => paintMs),
    [
      'everything the window loads, gzipped',
      figureText(windowSize() / 1_000, 'kB'),
      'at most 60 kB',
    ],
  ];
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

type Part = readonly [name: string, title: string, measure: () => Promise<readonly Figure[]>];

/** The parts, in the order of the page. Arguments select parts by the beginning of their name. */
const PARTS: readonly Part[] = [
  ['token', 'Tokens', tokenFigures],
  ['refresh', 'Refreshes', refreshFigures],
  ['load', 'Accounts from the disk', loadFigures],
  ['start', 'The app', startFigures],
];

/**
 * The share of the processors that other programs use, measured for a second while the bench is
 * idle.
 */
async function inUse(): Promise<number> {
  const times = () => cpus().map((cpu) => cpu.times);
  const sum = (all: ReturnType<typeof times>, of: (one: (typeof all)[number]) => number) =>
    all.reduce((total, one) => total + of(one), 0);
  const whole = (all: ReturnType<typeof times>) =>
    sum(all, ({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq);
  const idle = (all: ReturnType<typeof times>) => sum(all, (one) => one.idle);
  const before = times();
  await delay(1_000);
  const after = times();
  return 1 - (idle(after) - idle(before)) / (whole(after) - whole(before));
}

/** Above this share of use by other programs, the machine is busy. */
const BUSY = 0.2;

function ranOn(share: number): string {
  const { node } = process.versions;
  const others = `${(share * 100).toFixed(0)} % of them in use by other programs at the start`;
  const machine = `Node ${node}, ${process.platform}, ${cpus().length} cores, ${others}.`;
  return share > BUSY ? `${machine} Other programs kept the machine busy.` : machine;
}

const words = process.argv.slice(2).filter((word) => word !== '--dry');
const chosen = PARTS.filter(
  ([name]) => words.length === 0 || words.some((w) => name.startsWith(w)),
);
const sections: Section[] = [];
for (const [, title, measure] of chosen) {
  const share = await inUse();
  const section = { title, ranOn: ranOn(share), figures: await measure() };
  sections.push(section);
  process.stdout.write(`${sectionText(section)}\n`);
}
if (!process.argv.includes('--dry')) {
  const page = join(process.cwd(), PAGE);
  const titles = PARTS.map(([, title]) => title);
  await writeFile(page, withSections(await readFile(page, 'utf8'), sections, titles));
}
