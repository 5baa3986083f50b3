import { expect, test } from 'vitest';
import { run } from './run-keyfob.ts';

test.each([
  [['tokn'], 'keyfob: there is no "tokn". Did you mean token?'],
  [['__proto__'], 'keyfob: there is no "__proto__".'],
  [[], 'keyfob: a verb is needed.'],
  [['help', 'lst'], 'keyfob: there is no "lst". Did you mean list?'],
  [['list', 'alice'], 'keyfob list: "alice" is one word too many.'],
  [['token', '--jsn'], 'keyfob token: there is no option --jsn. Did you mean --json?'],
  [['token', '--header=x'], 'keyfob token: --header takes no value.'],
  [['token', '--for'], 'keyfob token: --for needs a value.'],
  [['token', '--json', '--env'], 'keyfob token: --json and --env exclude each other.'],
  [['token', '--env=A B'], 'keyfob token: "A B" cannot name a variable.'],
  [
    ['token', '--min-valid', 'soon'],
    'keyfob token: --min-valid needs a duration such as 60s or 5m, a day at most.',
  ],
  [['list', '--timeout', '0'], 'keyfob list: --timeout needs a duration such as 10s or 2m.'],
  [['login'], 'keyfob login: a server is needed.'],
  [['logout'], 'keyfob logout: an account is needed.'],
])('keyfob %j is wrong usage, and says why', async (argv, first) => {
  const seen = await run(argv);
  expect([
    seen.result.exitCode,
    seen.result.stdout,
    seen.result.stderr.split('\n')[0],
    seen.engine.calls,
  ]).toEqual([2, '', first, []]);
});

test('keyfob --help, help VERB and VERB --help print to stdout and end with 0', async () => {
  const { again, result: first } = await run(['--help']);
  const topic = await again(['help', 'token']);
  const option = await again(['token', '--help']);
  expect([
    [first.exitCode, first.stdout.split('\n')[0], first.stderr],
    [topic.exitCode, topic.stdout.split('\n')[2], topic.stderr],
    option,
  ]).toEqual([
    [0, 'Usage: keyfob VERB [...]', ''],
    [0, 'Print an access token that is valid now.', ''],
    topic,
  ]);
});
