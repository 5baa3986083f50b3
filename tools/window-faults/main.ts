import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { putBetween } from '../faults/tables.ts';
import { BuiltApp } from './built-app.ts';
import { SECRET_FAULTS, SHELL_FAULTS } from './desktop-faults.ts';
import type { Fault } from './fault.ts';
import type { Finding } from './report.ts';
import { countText, isNoticed, tableText } from './report.ts';
import type { Choice } from './run-specs.ts';
import { runSpecs } from './run-specs.ts';
import type { Verdict } from './verdict.ts';
import { BRIDGE_FAULTS, PAGE_FAULTS } from './page-faults.ts';

const USAGE = `Usage: npm run window-faults -- [options]

  --only NAME   run only this fault (repeatable); the document isn't updated
`;

const DOCUMENT = 'docs/window-faults.md';
const FAULTS = [...PAGE_FAULTS, ...BRIDGE_FAULTS, ...SECRET_FAULTS, ...SHELL_FAULTS];

/** Runs the faults. Resolves with the exit code: 1 if a fault went unnoticed. */
async function run(args: readonly string[]): Promise<number> {
  const only = readOnly(args);
  if (only === null) {
    say(`${USAGE}\nFaults: ${FAULTS.map(({ name }) => name).join(', ')}\n`);
    return 2;
  }
  const faults = FAULTS.filter(({ name }) => only.length === 0 || only.includes(name));
  const root = process.cwd();
  const app = await BuiltApp.copy(root);
  try {
    for (const fault of faults) await app.check(fault);
    const choices = only.length === 0 ? (['all'] as const) : faults.map(({ likely }) => likely);
    if (!(await passesWhole(root, app, choices))) return 1;
    const findings: Finding[] = [];
    for (const fault of faults) findings.push(await find(root, app, fault));
    if (only.length === 0) await writeDocument(findings);
    say(`\n${countText(findings)}\n`);
    return findings.every(isNoticed) ? 0 : 1;
  } finally {
    await app.remove();
  }
}

function readOnly(args: readonly string[]): readonly string[] | null {
  try {
    const options = { only: { type: 'string', multiple: true, default: [] as string[] } } as const;
    const { only } = parseArgs({ args: [...args], options }).values;
    const known = FAULTS.map(({ name }) => name);
    return only.every((name) => known.includes(name)) ? only : null;
  } catch {
    return null; // parseArgs throws only for options it doesn't know
  }
}

/** Without a fault the specs must pass, or every fault would count as noticed. */
async function passesWhole(
  root: string,
  { folder }: BuiltApp,
  choices: readonly Choice[],
): Promise<boolean> {
  for (const choice of choices) {
    const verdict = await runSpecs(root, folder, choice);
    if (verdict.kind === 'passed') continue;
    say(
      `The specs fail on the app without a fault, so faults can't be judged: ${wordsOf(verdict)}\n`,
    );
    return false;
  }
  say('without a fault: every spec passes\n');
  return true;
}

/**
 * Puts the fault in and runs the specs: the likely one first, and all of them if that one passes.
 */
async function find(root: string, app: BuiltApp, fault: Fault): Promise<Finding> {
  const verdict = await app.while(fault, async () => {
    const first = await runSpecs(root, app.folder, fault.likely);
    const isSeen = first.kind === 'failed' || first.kind === 'not-started';
    return isSeen ? first : runSpecs(root, app.folder, 'all');
  });
  say(`${fault.name}: ${wordsOf(verdict)}\n`);
  return { fault, verdict };
}

function wordsOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'failed':
      return `${verdict.by}\n    ${verdict.why}`;
    case 'not-started':
      return `the app did not start\n    ${verdict.why}`;
    case 'nothing-ran':
      return `no spec ran: ${verdict.why}`;
    case 'passed':
      return `UNNOTICED by ${verdict.tests} tests`;
  }
}

async function writeDocument(findings: readonly Finding[]): Promise<void> {
  await mkdir('reports', { recursive: true });
  await writeFile('reports/window-faults.json', `${JSON.stringify(findings, null, 2)}\n`);
  const document = await readFile(DOCUMENT, 'utf8');
  await writeFile(DOCUMENT, putBetween(document, 'window-faults', tableText(findings)));
}

function say(text: string): void {
  process.stdout.write(text);
}

process.exitCode = await run(process.argv.slice(2));
