import { expect, test } from 'vitest';
import type { Verdict } from './verdict.ts';
import { verdictOf } from './verdict.ts';

type Result = Readonly<{ status: string; messages?: readonly string[]; stderr?: string }>;

/** A Playwright report with one test, in a `describe` of its file. */
function reportWith({ status, messages = [], stderr }: Result): unknown {
  const body = Buffer.from(stderr ?? '').toString('base64');
  const attachments = [
    { name: 'trace', path: '/x' },
    ...(stderr === undefined ? [] : [{ name: 'stderr', contentType: 'text/plain', body }]),
  ];
  const errors = messages.map((message) => ({ message }));
  const spec = { title: 'it holds', tests: [{ results: [{ status, errors, attachments }] }] };
  const inner = { title: 'a group', file: 'electron/app.spec.ts', specs: [spec] };
  const outer = { title: '', file: 'electron/app.spec.ts', specs: [], suites: [inner] };
  return { config: {}, suites: [outer], errors: [] };
}

const by = 'app.spec.ts: it holds';

test.each<[string, Result, Verdict]>([
  ['all passed', { status: 'passed' }, { kind: 'passed', tests: 1 }],
  [
    'a value differed',
    {
      status: 'failed',
      messages: [
        '\u001b[2mError: expect(\u001b[22mreceived).toBe(expected)\n\nExpected: 1\nReceived: 3\n',
      ],
    },
    { kind: 'failed', by, why: 'expected 1, received 3' },
  ],
  [
    'part of a value differed',
    {
      status: 'failed',
      messages: [
        'Error: expect(received).toEqual(expected)\n\n- Expected  - 1\n+ Received  + 1\n\n  Array [\n-   "a",\n+   "b",\n  ]',
      ],
    },
    { kind: 'failed', by, why: 'expected "a", received "b"' },
  ],
  [
    'a part was missing',
    { status: 'failed', messages: ['Error: x\n\n- Expected  - 1\n+ Received  + 0\n\n-   "a",'] },
    { kind: 'failed', by, why: 'expected "a", received nothing' },
  ],
  [
    'it timed out',
    { status: 'timedOut', messages: ['Test timeout of 30000ms exceeded.', 'Error: click: no'] },
    { kind: 'failed', by, why: 'Error: click: no' },
  ],
  [
    'the stand-in refused',
    {
      status: 'failed',
      messages: ['Error: closed'],
      stderr: 'x\nthe app could not start bug="Error: electron stand-in: no such thing\\n  at y"',
    },
    { kind: 'not-started', by, why: 'electron stand-in: no such thing' },
  ],
  [
    "the stand-in reported that the app allows something it doesn't provide",
    {
      status: 'failed',
      messages: ['Error: saved'],
      stderr: 'electron stand-in: the app allows the download of x; downloads are not provided\n',
    },
    { kind: 'failed', by, why: 'Error: saved' },
  ],
  [
    'the app exited on its own',
    { status: 'failed', messages: ['Error: closed'], stderr: 'E the app could not start bug=1\n' },
    { kind: 'not-started', by, why: 'the app could not start bug=1' },
  ],
  [
    'no process started',
    { status: 'failed', messages: ['Error: electron.launch: Process failed to launch!\nlog'] },
    { kind: 'not-started', by, why: 'Error: electron.launch: Process failed to launch!' },
  ],
  [
    'the test was skipped',
    { status: 'skipped' },
    { kind: 'nothing-ran', why: 'no test has that title' },
  ],
])('verdictOf() says so when %s', (_what, result, verdict) => {
  expect(verdictOf(reportWith(result))).toEqual(verdict);
});

test("verdictOf() doesn't take an error of the specs themselves for a noticed fault", () => {
  const verdicts = [
    verdictOf({ suites: [], errors: [{ message: 'Error: No tests found' }] }),
    verdictOf({ suites: [], errors: [] }),
  ];
  expect(verdicts).toEqual([
    { kind: 'nothing-ran', why: 'Error: No tests found' },
    { kind: 'nothing-ran', why: 'no test has that title' },
  ]);
});

test("verdictOf() refuses something that isn't a report", () => {
  expect(() => verdictOf({ suites: {} })).toThrow();
});
