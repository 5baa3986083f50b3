import { table } from '../faults/tables.ts';
import type { Fault } from './fault.ts';
import type { Verdict } from './verdict.ts';

/** A fault, and the verdict of the specs on the app that has it. */
export type Finding = Readonly<{ fault: Fault; verdict: Verdict }>;

/** Whether the fault was noticed, by a spec or because the app didn't start. */
export function isNoticed({ verdict: { kind } }: Finding): boolean {
  return kind === 'failed' || kind === 'not-started';
}

/** The count: `3 of 4 noticed, 1 of them because the app did not start`. */
export function countText(findings: readonly Finding[]): string {
  const notStarted = findings.filter(({ verdict: { kind } }) => kind === 'not-started').length;
  const noticed = findings.filter(isNoticed).length;
  const apart = notStarted === 0 ? '' : `, ${notStarted} of them because the app did not start`;
  return `${noticed} of ${findings.length} noticed${apart}`;
}

/** The text for the document: the count, and a line for each fault. */
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
        : "the app doesn't start";
    case 'passed':
    case 'nothing-ran':
      return '**unnoticed**';
  }
}
