import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TestHomeserver } from '../../tools/homeserver/homeserver.ts';
import { startHomeserver } from '../../tools/homeserver/homeserver.ts';
import { buildKeyfob } from './bundle.ts';
import { endOf, eventually, Machine } from './processes.ts';
import { isAccepted } from './renewing.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 }); // processes are slow on a busy machine

let keyfob = '';
let server: TestHomeserver;
let machine: Machine;

beforeAll(async () => {
  keyfob = await buildKeyfob('cli-agent');
  server = await startHomeserver({ intervalS: 1 });
  server.autoApprove('alice');
});

afterAll(() => server.close());

beforeEach(async () => {
  machine = await Machine.make(keyfob);
});

afterEach(async () => {
  server.faults.clear();
  await machine.remove();
});

/** The record files of the only account: one, or two after the second write. */
async function recordFiles(): Promise<readonly string[]> {
  const folder = join(machine.home, 'vault', 'accounts');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sealed'));
  return names.toSorted().map((name) => join(folder, name));
}

async function warnings(): Promise<readonly unknown[]> {
  const { warnings } = await machine.json('status');
  const all = warnings as { code: string }[]; // the agent API's own values
  return all.map(({ code }) => code).filter((code) => code !== 'not-protected');
}

test('every command exits with 3 when no agent is running', async () => {
  const verbs = ['token', 'list', 'status', 'refresh', 'check', 'logout', 'login'];
  const words = (verb: string) => (['logout', 'login'].includes(verb) ? [verb, 'x'] : [verb]);
  const ends = await Promise.all(verbs.map((verb) => machine.run(...words(verb))));
  expect(new Set(ends.map(endOf))).toEqual(new Set(['3 agent-not-running']));
});

test('keyfob reports an agent of another version', async () => {
  await mkdir(dirname(machine.socket), { recursive: true, mode: 0o700 });
  const other = createServer((request, response) => {
    response.setHeader('keyfob-api', '2').setHeader('keyfob-version', '9.9.9');
    request.resume();
    response.end('{}');
  });
  await new Promise<void>((resolve) => other.listen(machine.socket, resolve));
  const ends = await Promise.all([machine.run('token', 'alice'), machine.run('login', 'x')]);
  await new Promise((resolve) => other.close(resolve));
  expect(ends.map((ended) => [endOf(ended), ended.err.includes('9.9.9')])).toEqual([
    ['1 agent-other-version', true],
    ['1 agent-other-version', true],
  ]);
});

test('neither agent nor client uses a socket in a folder that other users can write to', async () => {
  await mkdir(dirname(machine.socket), { recursive: true });
  await chmod(dirname(machine.socket), 0o777);
  const agent = await machine.run('agent', '--unsealed');
  await chmod(dirname(machine.socket), 0o700);
  await machine.startAgent();
  await chmod(dirname(machine.socket), 0o777);
  const client = await machine.run('list');
  expect([agent, client].map(endOf)).toEqual(['1 socket-unsafe', '1 socket-unsafe']);
});

test("a second agent names the vault's owner and does no harm", async () => {
  await machine.startAgent();
  const second = await machine.run('agent', '--unsealed');
  expect([endOf(second), second.err.includes(machine.home), await machine.accounts()]).toEqual([
    '1 vault-in-use',
    true,
    [],
  ]);
});

describe('with a passphrase', () => {
  beforeEach(async () => {
    machine = await Machine.make(keyfob, 'correct horse');
  });

  test("the agent opens its vault only with the right passphrase, and doesn't prompt without a terminal", async () => {
    const first = await machine.startAgent();
    first.signal('SIGTERM');
    const stopped = await first.ended;
    const nobody = { KEYFOB_PASSPHRASE_FILE: undefined };
    const locked = await machine.start(['agent'], nobody).ended;
    const wrong = join(machine.home, 'wrong');
    await writeFile(wrong, 'battery staple\n');
    const mistaken = await machine.start(['agent'], { KEYFOB_PASSPHRASE_FILE: wrong }).ended;
    await machine.startAgent();
    expect([stopped.code, [locked, mistaken].map(endOf), await machine.accounts()]).toEqual([
      0,
      ['6 passphrase-needed', '6 vault-wrong-passphrase'],
      [],
    ]);
  });
});

describe('with an account', () => {
  beforeEach(async () => {
    const agent = await machine.startAgent();
    await machine.run('login', server.baseUrl);
    return async () => {
      agent.signal('SIGTERM');
      await agent.ended;
    };
  });

  /** Ends the running agent with this signal, and starts another one. */
  async function restart(signal: NodeJS.Signals, between = async () => Promise.resolve()) {
    const agent = machine.processes[0];
    agent?.signal(signal);
    await agent?.ended;
    await between();
    await machine.startAgent();
  }

  async function token(): Promise<string> {
    return (await machine.run('token', 'alice')).out.trimEnd();
  }

  test("a killed agent loses nothing, and its stale socket doesn't block the next one", async () => {
    const before = await token();
    await restart('SIGKILL');
    const after = await token();
    expect([after === before, await isAccepted(server, after), await warnings()]).toEqual([
      true,
      'accepted',
      [],
    ]);
  });

  test('an agent killed during a refresh loses nothing', async () => {
    const refreshes = server.count('refresh');
    server.faults.next('refresh', { delayMs: 5_000 });
    const refresh = machine.start(['refresh', 'alice']);
    await eventually(() => server.count('refresh') > refreshes);
    await restart('SIGKILL');
    const told = await refresh.ended;
    expect([endOf(told), await isAccepted(server, await token())]).toEqual([
      '3 agent-not-running',
      'accepted',
    ]);
  });

  test('a damaged record is kept under another name, and an older copy is used', async () => {
    await machine.run('refresh', 'alice');
    await restart('SIGTERM', async () => {
      const [, current = ''] = await recordFiles();
      await writeFile(current, 'garbage');
    });
    const told = [await warnings(), await machine.accounts()];
    expect([told, await isAccepted(server, await token())]).toEqual([
      [['record-set-aside'], ['alice active']],
      'accepted',
    ]);
  });

  test('a record without a usable copy is kept under another name, and reported', async () => {
    await restart('SIGTERM', async () => {
      for (const file of await recordFiles()) await writeFile(file, 'garbage');
    });
    const aside = await readdir(join(machine.home, 'vault', 'accounts'));
    expect([await warnings(), await machine.accounts(), aside.length]).toEqual([
      ['record-set-aside', 'record-set-aside'],
      [],
      2,
    ]);
  });
});
