import { table } from '../faults/tables.ts';
import type { Fault } from './fault.ts';
import type { Verdict } from './verdict.ts';

/** A fault, and what the specs said of the app that has it. */
export type Finding = Readonly<{ fault: Fault; verdict: Verdict }>;

/** Whether anybody noticed, be it a spec or whoever would not start the app. */
export function isNoticed({ verdict: { kind } }: Finding): boolean {
  return kind === 'failed' || kind === 'not-started';
}

/** How many of how many: `3 of 4 noticed, 1 of them because the app did not start`. */
export function countText(findings: readonly Finding[]): string {
  const notStarted = findings.filter(({ verdict: { kind } }) => kind === 'not-started').length;
  const noticed = findings.filter(isNoticed).length;
  const apart = notStarted === 0 ? '' : `, ${notStarted} of them because the app did not start`;
  return `${noticed} of ${findings.length} noticed${apart}`;
}

/** What stands in the document: the count, and a line for each fault. */
export function tableText(findings: readonly Finding[]): string {
  const rows = findings.map(({ fault, verdict }) => [
    `\`${fault.name}\``,
    fault.what,
    noticedBy(verdict),
  ]);
  return [`${countText(findings)}.`, table(['fault', 'what is broken', 'noticed by'], rows)].join(
    '\n\n',
  );
}

function noticedBy(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'failed':
      return verdict.by.replaceAll('|', '\\|');
    case 'not-started':
      return verdict.why.startsWith('electron stand-in: ')
        ? 'the stand-in, which refuses it'
        : 'the app does not start';
    case 'passed':
    case 'nothing-ran':
      return '**nobody**';
  }
}
