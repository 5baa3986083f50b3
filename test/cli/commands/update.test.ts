import { expect, test } from 'vitest';
import { run } from '../run-keyfob.ts';

test('keyfob rename changes the label of an account', async () => {
  const { result, engine } = await run(['rename', 'alice', 'work']);
  expect([result, engine.calls]).toEqual([
    { exitCode: 0, stdout: 'work: renamed from alice\n', stderr: '' },
    [['updateAccount', 'alice', { label: 'work' }]],
  ]);
});

test('keyfob set chooses when tokens are refreshed', async () => {
  const { result, engine } = await run(['set', 'alice', '--policy', 'on-demand']);
  expect([result, engine.calls]).toEqual([
    { exitCode: 0, stdout: 'alice: tokens are refreshed only on request\n', stderr: '' },
    [['updateAccount', 'alice', { policy: 'on-demand' }]],
  ]);
});

test('keyfob set --json prints the response of the agent', async () => {
  const { result } = await run(['set', 'alice', '--policy=keep-fresh', '--json']);
  expect(JSON.parse(result.stdout)).toMatchObject({ account: { policy: 'keep-fresh' } });
});

test.each([
  [['rename', 'alice']],
  [['rename', 'alice', 'a', 'b']],
  [['set', 'alice']],
  [['set', '--policy', 'on-demand']],
  [['set', 'alice', '--policy', 'on-demnad']],
])('keyfob %j is a usage error, and changes nothing', async (words) => {
  const { result, engine } = await run(words);
  expect([result.exitCode, result.stdout, engine.calls]).toEqual([2, '', []]);
});
