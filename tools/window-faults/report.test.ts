import { expect, test } from 'vitest';
import type { Fault } from './fault.ts';
import type { Finding } from './report.ts';
import { countText, isNoticed, tableText } from './report.ts';
import type { Verdict } from './verdict.ts';

function finding(name: string, verdict: Verdict): Finding {
  const likely = { spec: 'a.spec.ts', title: 'it holds' };
  const fault: Fault = { name, what: `${name} is gone`, edits: [], likely };
  return { fault, verdict };
}

const by = 'a.spec.ts: it | holds';

test('tableText() shows what noticed each fault, and whether that was a spec', () => {
  const refused = 'electron stand-in: sandbox is not provided';
  const findings = [
    finding('guard', { kind: 'failed', by, why: 'expected 1, came 2' }),
    finding('sandbox', { kind: 'not-started', by, why: refused }),
    finding('main', { kind: 'not-started', by, why: 'the app could not start' }),
    finding('lock', { kind: 'passed', tests: 3 }),
    finding('tray', { kind: 'nothing-ran', why: 'no test has that title' }),
  ];
  expect([tableText(findings), findings.map(isNoticed)]).toEqual([
    `3 of 5 noticed, 2 of them because the app did not start.

| fault     | what is broken  | noticed by                     |
| --------- | --------------- | ------------------------------ |
| \`guard\`   | guard is gone   | a.spec.ts: it \\| holds         |
| \`sandbox\` | sandbox is gone | the stand-in, which refuses it |
| \`main\`    | main is gone    | the app doesn't start          |
| \`lock\`    | lock is gone    | **unnoticed**                  |
| \`tray\`    | tray is gone    | **unnoticed**                  |`,
    [true, true, true, false, false],
  ]);
});

test("countText() doesn't mention starts when the app always started", () => {
  expect(countText([finding('guard', { kind: 'failed', by, why: 'x' })])).toBe('1 of 1 noticed');
});
