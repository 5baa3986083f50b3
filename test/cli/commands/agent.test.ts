import { expect, test } from 'vitest';
import { run } from '../run-keyfob.ts';

test('keyfob agent --help, agent -h and help agent print one and the same help', async () => {
  const { again, result: long } = await run(['agent', '--help']);
  const short = await again(['agent', '-h']);
  const topic = await again(['help', 'agent']);
  const { exitCode, stdout, stderr } = long;
  expect({ exitCode, stderr, first: stdout.split('\n')[0], short, topic }).toEqual({
    exitCode: 0,
    stderr: '',
    first: 'Usage: keyfob agent [--unsealed] [--log LEVEL]',
    short: long,
    topic: long,
  });
});

test.each([
  [['--unsealt'], 'keyfob agent: unknown option --unsealt. Did you mean --unsealed?'],
  [['--timeout', '5s'], 'keyfob agent: unknown option --timeout.'],
  [['--unsealed=yes'], 'keyfob agent: --unsealed takes no value.'],
  [['--log'], 'keyfob agent: --log requires a value.'],
  [['--log', 'inof'], 'keyfob agent: unknown log level "inof". Did you mean info?'],
  [['now'], 'keyfob agent: unexpected argument "now".'],
])('keyfob agent %j is a usage error, and starts nothing', async (words, first) => {
  const { result } = await run(['agent', ...words]);
  const { exitCode, stdout, stderr } = result;
  expect({ exitCode, stdout, lines: stderr.split('\n').slice(0, 3) }).toEqual({
    exitCode: 2,
    stdout: '',
    lines: [first, '', 'Usage: keyfob agent [--unsealed] [--log LEVEL]'],
  });
});
