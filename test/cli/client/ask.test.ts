import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Agent } from '../../../main/cli/client/ask.ts';
import { ask } from '../../../main/cli/client/ask.ts';
import { agentOnSocket } from '../../agent/agent-on-socket.ts';
import { accountOf } from '../../fixtures/fake-engine.ts';

/** For a test that keeps the machine busy by itself. */
const PATIENT = { timeoutMs: 15_000, silenceMs: 15_000 };

const TOKEN_REQUEST = { method: 'GET', path: '/v1/accounts/alice/token' } as const;

function agentAt(socket: string, patience: Partial<Agent> = {}): Agent {
  const uid = process.getuid?.() ?? null;
  return { socket, uid, timeoutMs: 5_000, silenceMs: 5_000, probeMs: 1_000, ...patience };
}

/** A socket on which somebody listens and never says a word. */
async function deadSocket(): Promise<string> {
  const { folder } = await agentOnSocket();
  const socket = join(folder, 'dead.sock');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => void server.close());
  return socket;
}

test('ask() reports a silent agent when the probe gets no response either', async () => {
  const socket = await deadSocket();
  const patience = { silenceMs: 30, probeMs: 30 };
  expect(await ask(agentAt(socket, patience), TOKEN_REQUEST)).toEqual({
    ok: false,
    failure: { kind: 'failure', failure: { code: 'agent-silent', afterMs: 30 } },
  });
});

test('ask() reports a silent agent within a time-out shorter than silenceMs', async () => {
  const socket = await deadSocket();
  const patience = { timeoutMs: 30, probeMs: 30 };
  expect(await ask(agentAt(socket, patience), TOKEN_REQUEST)).toEqual({
    ok: false,
    failure: { kind: 'failure', failure: { code: 'agent-silent', afterMs: 30 } },
  });
});

test('ask() waits for an agent that is alive and busy', async () => {
  const { socket, engine } = await agentOnSocket();
  engine.accounts = [accountOf('alice')];
  let open = (): void => undefined;
  engine.gate = new Promise<void>((resolve) => (open = resolve));
  const answer = ask(agentAt(socket, { silenceMs: 20 }), TOKEN_REQUEST);
  const asked = engine.snapshot.bind(engine);
  // The probe is answered from a snapshot: once it was taken, the agent has shown that it lives.
  engine.snapshot = () => {
    setImmediate(open);
    return asked();
  };
  expect((await answer).ok).toBe(true);
});

test('ask() times out when an agent that is alive takes too long', async () => {
  const { socket, engine } = await agentOnSocket();
  engine.gate = new Promise(() => undefined);
  const patience = { silenceMs: 20, timeoutMs: 60 };
  expect(await ask(agentAt(socket, patience), TOKEN_REQUEST)).toEqual({
    ok: false,
    failure: { kind: 'failure', failure: { code: 'timed-out', afterMs: 60 } },
  });
});

test('ask() gets through to an agent whose accept queue is full', async () => {
  const { socket, engine } = await agentOnSocket();
  engine.accounts = [accountOf('alice')];
  const answers = await Promise.all(
    // More than the 511 that Node lets wait at a socket.
    Array.from({ length: 700 }, () => ask(agentAt(socket, PATIENT), TOKEN_REQUEST)),
  );
  expect(answers.filter(({ ok }) => ok).length).toBe(700);
});
