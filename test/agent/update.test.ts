import { expect, test } from 'vitest';
import { agentOnSocket, call } from './agent-on-socket.ts';
import { accountOf } from '../fixtures/fake-engine.ts';

test("serveAgent() changes an account's label or policy, and responds with the changed account", async () => {
  const { socket, engine } = await agentOnSocket();
  engine.accounts = [accountOf('alice')];
  const update = { label: 'work', policy: 'on-demand' };
  const body = JSON.stringify(update);
  const answer = await call(socket, 'PATCH', '/v1/accounts/alice', { body });
  expect([answer.status, answer.body, engine.calls]).toEqual([
    200,
    { account: expect.objectContaining(update) as unknown },
    [['updateAccount', 'alice', update]],
  ]);
});

test.each(['{"policy":"sometimes"}', '{"lable":"work"}', '{"label":7}', '[]', 'label=work'])(
  'serveAgent() refuses the update %s without calling the engine',
  async (body) => {
    const { socket, engine } = await agentOnSocket();
    engine.accounts = [accountOf('alice')];
    const { status } = await call(socket, 'PATCH', '/v1/accounts/alice', { body });
    expect([status, engine.calls]).toEqual([400, []]);
  },
);

test('serveAgent() reports that a label is taken', async () => {
  const { socket, engine } = await agentOnSocket();
  engine.accounts = [accountOf('alice')];
  engine.failure = { code: 'label-taken', label: 'work' };
  const answer = await call(socket, 'PATCH', '/v1/accounts/alice', { body: '{"label":"work"}' });
  expect([answer.status, answer.body]).toEqual([
    409,
    { error: expect.objectContaining({ code: 'label-taken' }) as unknown },
  ]);
});
