import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { acquireSocketLock, removeDead } from '../../../main/host/socket-lock/socket-lock.ts';
import type { SocketLock } from '../../../main/host/socket-lock/socket-binding.ts';
import { probeSocket, helperPath } from '../../../main/host/socket-lock/socket-files.ts';

const RACERS = 20;
const ROUNDS = 20;

let built = '';
let folder = '';
let path = '';
const children = new Set<ChildProcess>();
const locks = new Set<SocketLock>();

beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'keyfob-contender-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: join(import.meta.dirname, 'contender.ts'),
      outDir: built,
      rolldownOptions: { output: { entryFileNames: 'contender.mjs' } },
    },
  });
});

afterAll(() => rm(built, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyfob-owner-'));
  path = join(folder, 'agent.sock');
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  await Promise.all([...locks].map((held) => held.release()));
  locks.clear();
  await rm(folder, { recursive: true, force: true });
});

async function acquired(at = path): Promise<SocketLock> {
  const result = await acquireSocketLock(at);
  if (!result.ok) throw new Error(`Not acquired: ${result.failure.code}`);
  locks.add(result.value);
  return result.value;
}

async function startContender(): Promise<ChildProcess> {
  const child = fork(join(built, 'contender.mjs'));
  children.add(child);
  await once(child, 'message');
  return child;
}

async function acquireIn(child: ChildProcess, at = path): Promise<unknown> {
  const answered = once(child, 'message');
  child.send(at);
  const [answer] = (await answered) as unknown[]; // an event brings an array
  return answer;
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const inUse = () => ({ ok: false, failure: { code: 'vault-in-use', owner: path } });
const unsafe = (at: string, why: string) => ({
  ok: false,
  failure: { code: 'socket-unsafe', path: at, why },
});

test('acquireSocketLock() gives the lock to one, refuses others, and gives it to the next after release()', async () => {
  const first = await acquired();
  const second = await acquireSocketLock(path);
  await first.release();
  locks.delete(first);
  await acquired();
  expect(second).toEqual(inUse());
});

test('acquireSocketLock() makes the given server listen at the path', async () => {
  const server = createServer((_, response) => response.end('hello'));
  const outcome = await acquireSocketLock(path, server);
  if (outcome.ok) locks.add(outcome.value);
  const asked = request({ socketPath: path, agent: false });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage]; // says node:http
  expect(await text(response)).toBe('hello');
});

test('acquireSocketLock() leaves one socket in the folder, which only its user can access, and release() leaves none', async () => {
  const at = join(folder, 'made', 'agent.sock');
  const held = await acquired(at);
  const modes = await Promise.all(
    [at, join(folder, 'made')].map(async (one) => ((await lstat(one)).mode & 0o777).toString(8)),
  );
  const during = await readdir(join(folder, 'made'));
  await held.release();
  locks.delete(held);
  expect([modes, during, await readdir(join(folder, 'made'))]).toEqual([
    ['600', '700'],
    ['agent.sock'],
    [],
  ]);
});

test('release() does not remove the socket of another owner', async () => {
  const first = await acquired();
  await rm(path); // as a user might
  await acquired();
  await first.release();
  locks.delete(first);
  expect(await acquireSocketLock(path)).toEqual(inUse());
});

test('acquireSocketLock() takes over from a killed process', async () => {
  const child = await startContender();
  const before = await acquireIn(child);
  const during = await acquireSocketLock(path);
  await kill(child);
  await acquired();
  expect([before, during, await readdir(folder)]).toEqual(['owner', inUse(), ['agent.sock']]);
});

test('acquireSocketLock() lets exactly one of many processes take over, every time', async () => {
  const racers = await Promise.all(Array.from({ length: RACERS }, startContender));
  const rounds: unknown[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const answers = await Promise.all(racers.map((racer) => acquireIn(racer)));
    rounds.push([...answers].sort());
    const owner = racers[answers.indexOf('owner')];
    if (owner === undefined) break;
    await kill(owner);
    racers[racers.indexOf(owner)] = await startContender();
  }
  const losers = Array.from({ length: RACERS - 1 }, () => 'vault-in-use');
  expect(rounds).toEqual(Array.from({ length: ROUNDS }, () => ['owner', ...losers]));
}, 60_000);

/** Leaves a dead socket at the path; returns its identity. */
async function leaveDead(): Promise<string> {
  const child = await startContender();
  await acquireIn(child);
  await kill(child);
  const found = await probeSocket(path);
  if (found.kind !== 'dead') throw new Error(`The socket is ${found.kind}`);
  return found.identity;
}

test('acquireSocketLock() takes over when a process was killed while it was taking over', async () => {
  const right = helperPath(path, await leaveDead());
  const second = await startContender();
  await acquireIn(second, right);
  await kill(second);
  await acquired();
  expect(await readdir(folder)).toEqual(['agent.sock']);
});

test('removeDead() does not remove a socket that replaced the dead one', async () => {
  const identity = await leaveDead();
  await acquired();
  const outcome = await removeDead(path, identity);
  expect([outcome, await acquireSocketLock(path)]).toEqual([
    { ok: true, value: undefined },
    inUse(),
  ]);
});

test('removeDead() removes nothing while another process has the right to', async () => {
  const identity = await leaveDead();
  const right = helperPath(path, identity);
  await acquired(right);
  expect([await removeDead(path, identity), await probeSocket(path)]).toEqual([
    { ok: false, failure: { code: 'vault-in-use', owner: right } },
    { kind: 'dead', identity },
  ]);
});

test('acquireSocketLock() never removes a file that is not a socket', async () => {
  await writeFile(path, 'notes');
  expect([await acquireSocketLock(path), await readdir(folder)]).toEqual([
    unsafe(path, 'the file there is not a socket'),
    ['agent.sock'],
  ]);
});

test('acquireSocketLock() refuses a folder that other users can access', async () => {
  await chmod(folder, 0o755);
  expect(await acquireSocketLock(path)).toEqual(
    unsafe(path, 'other users can access its folder (expected mode 0700)'),
  );
});

test('acquireSocketLock() refuses a folder that cannot be created', async () => {
  await writeFile(join(folder, 'file'), '');
  const at = join(folder, 'file', 'agent.sock');
  expect(await acquireSocketLock(at)).toEqual(
    unsafe(at, "its folder can't be created or accessed (EEXIST)"),
  );
});

test('acquireSocketLock() accepts a path of 103 bytes and refuses a longer one', async () => {
  const longest = join(folder, 'x'.repeat(103 - folder.length - 12), 'agent.sock');
  await mkdir(join(longest, '..'), { mode: 0o700 });
  const held = await acquired(longest);
  expect([Buffer.byteLength(held.path), await acquireSocketLock(`${longest}x`)]).toEqual([
    103,
    unsafe(`${longest}x`, "its path has 104 bytes; a socket's path may have 103"),
  ]);
});
