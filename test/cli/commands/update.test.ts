import { expect, test } from 'vitest';
import { run } from '../run-keyfob.ts';

test('keyfob rename gives an account another label', async () => {
  const { result, engine } = await run(['rename', 'alice', 'work']);
  expect([result, engine.calls]).toEqual([
    { exitCode: 0, stdout: 'work: renamed from alice\n', stderr: '' },
    [['updateAccount', 'alice', { label: 'work' }]],
  ]);
});

test('keyfob set chooses when an account gets new tokens', async () => {
  const { result, engine } = await run(['set', 'alice', '--policy', 'on-demand']);
  expect([result, engine.calls]).toEqual([
    { exitCode: 0, stdout: 'alice: refreshed only when a token is asked for\n', stderr: '' },
    [['updateAccount', 'alice', { policy: 'on-demand' }]],
  ]);
});

test('keyfob set --json prints what the agent answers', async () => {
  const { result } = await run(['set', 'alice', '--policy=keep-fresh', '--json']);
  expect(JSON.parse(result.stdout)).toMatchObject({ account: { policy: 'keep-fresh' } });
});

test.each([
  [['rename', 'alice']],
  [['rename', 'alice', 'a', 'b']],
  [['set', 'alice']],
  [['set', '--policy', 'on-demand']],
  [['set', 'alice', '--policy', 'on-demnad']],
])('keyfob %j is wrong usage, and changes nothing', async (words) => {
  const { result, engine } = await run(words);
  expect([result.exitCode, result.stdout, engine.calls]).toEqual([2, '', []]);
});
