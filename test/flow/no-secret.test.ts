import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Fault } from '../../tools/homeserver/odd/faults.ts';
import type { TestHomeserver } from '../../tools/homeserver/homeserver.ts';
import { startHomeserver } from '../../tools/homeserver/homeserver.ts';
import { buildKeyfob } from './bundle.ts';
import { endOf, Machine } from './processes.ts';
import type { Sought, Trace } from './traces.ts';
import { filesBelow, findTraces, spellings } from './traces.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 }); // processes are slow on a busy machine

/** Is written differently in every encoding. */
const passphrase = 'a "passphrase" with ünder+scores & 100 % / \\ more';

let machine: Machine;
let server: TestHomeserver;

beforeAll(async () => {
  machine = await Machine.make(await buildKeyfob('no-secret'), passphrase);
  server = await startHomeserver({ intervalS: 1, autoFillUserCode: true });
});

afterAll(async () => {
  await machine.remove();
  await server.close();
});

/**
 * All output that must hold no secret: everything but that of `keyfob token`, which exists to print
 * one.
 */
function said(): readonly Trace[] {
  return machine.processes.flatMap(({ words, out, err }) => {
    const name = `keyfob ${words.join(' ')}`;
    const heard = { where: `stderr of ${name}`, bytes: Buffer.from(err) };
    if (words[0] === 'token') return [heard];
    return [heard, { where: `stdout of ${name}`, bytes: Buffer.from(out) }];
  });
}

function secrets(): readonly Sought[] {
  const issued = server.issuedSecrets().map((secret, n) => ({ name: `secret ${n}`, secret }));
  return [...issued, { name: 'the passphrase', secret: passphrase }];
}

/** A server that repeats the request in its error message. */
function echoing(error: string, matrix = false): Fault {
  const told = () => {
    const { form, headers } = server.requests.at(-1) ?? { form: {}, headers: {} };
    const words = [...Object.values(form), headers.authorization ?? ''].join(' ');
    return `This is no good: ${words}`;
  };
  return {
    patch: () =>
      matrix ? { errcode: error, error: told() } : { error, error_description: told() },
  };
}

/** Sign-ins that succeed, and that fail. */
async function signInOften(): Promise<readonly string[]> {
  server.autoApprove('alice', { afterPolls: 1 });
  const ends = [await machine.run('login', server.baseUrl, '--json')];
  ends.push(await machine.run('login', server.baseUrl, '--label', 'work'));
  server.autoApprove('alice', { deny: true });
  ends.push(await machine.run('login', server.baseUrl, '--label', 'denied', '--json'));
  server.autoApprove('alice');
  server.faults.next('token', echoing('some_new_error'));
  ends.push(await machine.run('login', server.baseUrl, '--label', 'echo'));
  server.faults.next('token', { patch: (real) => ({ ...real, token_type: 'DPoP' }) });
  ends.push(await machine.run('login', server.baseUrl, '--label', 'dpop'));
  return ends.map(endOf);
}

/** Everything that is done with a token, against a server with typical failures. */
async function useAndLose(): Promise<readonly string[]> {
  const shapes = ['--json', '--header', '--env', '--curl'];
  for (const shape of shapes) await machine.run('token', 'alice', shape);
  const ends = [await machine.run('refresh', 'alice')];
  server.faults.next('refresh', echoing('server_error'));
  ends.push(await machine.run('refresh', 'alice'));
  server.faults.next('refresh', { drop: 'after' });
  ends.push(await machine.run('refresh', 'work'));
  server.faults.next('whoami', echoing('M_ODD', true));
  ends.push(await machine.run('check', 'work'));
  for (const verb of ['list', 'status', 'doctor']) ends.push(await machine.run(verb));
  server.faults.next('revocation', echoing('temporarily_unavailable'));
  ends.push(await machine.run('logout', 'work', '--json'));
  return ends.map(endOf);
}

test('no token, device code or passphrase appears in any output, log or file', async () => {
  const agent = await machine.startAgent('--log', 'debug');
  const ends = [await signInOften(), await useAndLose()];
  agent.signal('SIGKILL');
  await agent.ended;
  const second = await machine.startAgent('--log', 'debug');
  ends.push([endOf(await machine.run('refresh', 'alice'))]);
  const files = await filesBelow(machine.home);
  second.signal('SIGTERM');
  await second.ended;
  const traces = [...said(), ...files, ...(await filesBelow(machine.home))];
  const exchanges = agent.err.split('\n').filter((line) => line.includes(' debug exchange '));
  expect({
    ends,
    found: findTraces(traces, secrets()),
    issued: secrets().length > 20,
    records: files.filter(({ where }) => where.endsWith('.sealed')).length,
    logged: exchanges.length > 40,
  }).toEqual({
    ends: [
      ['0', '0', '6 login-denied', '6 login-refused', '1 token-type-unsupported'],
      ['0', '7 server-unavailable', '0', '6 whoami-rejected', '0', '0', '0', '0'],
      ['0'],
    ],
    found: [],
    issued: true,
    records: 2,
    logged: true,
  });
});

test('a leaked secret is found in every encoding', () => {
  const sought = [{ name: 'it', secret: passphrase }];
  const planted = [...spellings(passphrase)].map(([how, text]) => {
    const bytes = Buffer.from(`...${text}...`, 'latin1');
    return findTraces([{ where: 'a log', bytes }], sought).includes(`it, ${how}, in a log`);
  });
  const wrapped = ['', 'x', 'xy', 'xyz'].map((before) => {
    const bytes = Buffer.from(Buffer.from(`${before}${passphrase}.`).toString('base64'));
    return findTraces([{ where: 'a log', bytes }], sought).length > 0;
  });
  expect([...planted, ...wrapped].filter((found) => !found)).toEqual([]);
});
