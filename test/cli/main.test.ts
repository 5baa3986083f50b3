import { expect, test } from 'vitest';
import { run } from './run-keyfob.ts';

test.each([
  [['tokn'], 'keyfob: unknown command "tokn". Did you mean token?'],
  [['__proto__'], 'keyfob: unknown command "__proto__".'],
  [[], 'keyfob: expected a command.'],
  [['help', 'lst'], 'keyfob: unknown command "lst". Did you mean list?'],
  [['list', 'alice'], 'keyfob list: unexpected argument "alice".'],
  [['token', '--jsn'], 'keyfob token: unknown option --jsn. Did you mean --json?'],
  [['token', '--header=x'], 'keyfob token: --header takes no value.'],
  [['token', '--for'], 'keyfob token: --for requires a value.'],
  [['token', '--json', '--env'], 'keyfob token: --json and --env cannot be combined.'],
  [['token', '--env=A B'], 'keyfob token: "A B" is not a valid variable name.'],
  [
    ['token', '--min-valid', 'soon'],
    'keyfob token: --min-valid requires a duration of at most a day, such as 60s or 5m.',
  ],
  [['list', '--timeout', '0'], 'keyfob list: --timeout requires a duration such as 10s or 2m.'],
  [['login'], 'keyfob login: expected a server.'],
  [['logout'], 'keyfob logout: expected an account.'],
])('keyfob %j is a usage error, and says why', async (argv, first) => {
  const seen = await run(argv);
  expect([
    seen.result.exitCode,
    seen.result.stdout,
    seen.result.stderr.split('\n')[0],
    seen.engine.calls,
  ]).toEqual([2, '', first, []]);
});

test('keyfob --help, help COMMAND and COMMAND --help print to stdout and end with 0', async () => {
  const { again, result: first } = await run(['--help']);
  const topic = await again(['help', 'token']);
  const option = await again(['token', '--help']);
  expect([
    [first.exitCode, first.stdout.split('\n')[0], first.stderr],
    [topic.exitCode, topic.stdout.split('\n')[2], topic.stderr],
    option,
  ]).toEqual([
    [0, 'Usage: keyfob COMMAND [...]', ''],
    [0, 'Print a valid access token.', ''],
    topic,
  ]);
});
