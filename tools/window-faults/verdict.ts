import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import * as v from 'valibot';

/** The result of a run of specs. */
export type Verdict = Readonly<
  | { kind: 'passed'; tests: number }
  /** No test has that title, or the specs could not be read. */
  | { kind: 'nothing-ran'; why: string }
  /** A spec noticed. */
  | { kind: 'failed'; by: string; why: string }
  /** The app did not come up, or the stand-in refused what it asked for: no spec's merit. */
  | { kind: 'not-started'; by: string; why: string }
>;

type Suite = Readonly<{
  file: string;
  specs: readonly v.InferOutput<typeof spec>[];
  suites?: readonly Suite[] | undefined;
}>;

const failure = v.object({ message: v.optional(v.string(), 'no message') });
const attachment = v.object({ name: v.string(), body: v.optional(v.string(), '') });
const result = v.object({
  status: v.string(),
  errors: v.array(failure),
  attachments: v.array(attachment),
});
const spec = v.object({
  title: v.string(),
  tests: v.array(v.object({ results: v.array(result) })),
});
const suite: v.GenericSchema<unknown, Suite> = v.object({
  file: v.string(),
  specs: v.array(spec),
  suites: v.optional(v.lazy(() => v.array(suite))),
});
const report = v.object({ suites: v.array(suite), errors: v.array(failure) });

/** Reads the output of Playwright's JSON reporter. @throws ValiError for anything else */
export function verdictOf(json: unknown): Verdict {
  const { suites, errors } = v.parse(report, json);
  const ran = suites.flatMap(testsOf).filter(({ status }) => status !== 'skipped');
  const failed = ran.find(({ status }) => status !== 'passed');
  if (failed !== undefined) return failureOf(failed);
  const [first] = errors;
  if (first !== undefined) return { kind: 'nothing-ran', why: reasonOf(first.message) };
  if (ran.length === 0) return { kind: 'nothing-ran', why: 'no test has that title' };
  return { kind: 'passed', tests: ran.length };
}

type Ran = v.InferOutput<typeof result> & Readonly<{ by: string }>;

function testsOf({ file, specs, suites = [] }: Suite): readonly Ran[] {
  const own = specs.flatMap(({ title, tests }) =>
    tests.flatMap(({ results }) =>
      results.map((one) => ({ ...one, by: `${basename(file)}: ${title}` })),
    ),
  );
  return [...own, ...suites.flatMap(testsOf)];
}

function failureOf({ by, errors, attachments }: Ran): Verdict {
  const messages = errors.map(({ message }) => stripVTControlCharacters(message));
  const stderr = attachments
    .filter(({ name }) => name === 'stderr')
    .map(({ body }) => Buffer.from(body, 'base64').toString('utf8'))
    .join('\n');
  // The app's log also reports that it allows too much: then it runs, and a spec has to notice.
  const refusal =
    /electron stand-in: (?!the app allows)[^\\\n]*/.exec(stderr)?.[0] ??
    /the app could not start.*/.exec(stderr)?.[0];
  if (refusal !== undefined) return { kind: 'not-started', by, why: refusal };
  const launch = messages.find((message) => /electron\.launch: |firstWindow: /.test(message));
  if (launch !== undefined) return { kind: 'not-started', by, why: reasonOf(launch) };
  // A time-out is reported first, followed by the line it happened on.
  return { kind: 'failed', by, why: reasonOf(messages.at(-1) ?? '') };
}

/** The expected and received values if the message has them; otherwise its first line. */
function reasonOf(message: string): string {
  const lines = stripVTControlCharacters(message).split('\n');
  const first = (...patterns: readonly RegExp[]) =>
    patterns
      .flatMap((pattern) => lines.map((line) => pattern.exec(line)?.[1]?.trim().replace(/,$/, '')))
      .find((text) => text !== undefined);
  // Of a difference, the first line that is a value and not the start of a list.
  const expected = first(/^Expected(?: \w+)?:(?! *$)(.*)/, /^ *-(?! Expected) +(.*[^[{])$/);
  const received = first(/^Received(?: \w+)?:(?! *$)(.*)/, /^ *\+(?! Received) +(.*[^[{])$/);
  if (expected === undefined && received === undefined) return lines[0] ?? '';
  return `expected ${expected ?? 'nothing'}, received ${received ?? 'nothing'}`;
}
