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
import { acquireSocketLock, removeDead } from '../../../main/host/socket-lock/owner.ts';
import type { Claim } from '../../../main/host/socket-lock/owner.ts';
import { probeSocket, helperPath } from '../../../main/host/socket-lock/socket-files.ts';

const RACERS = 20;
const ROUNDS = 20;

let built = '';
let folder = '';
let path = '';
const children = new Set<ChildProcess>();
const claims = new Set<Claim>();

beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'keyfob-claimant-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: join(import.meta.dirname, 'claimant.ts'),
      outDir: built,
      rolldownOptions: { output: { entryFileNames: 'claimant.mjs' } },
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
  await Promise.all([...claims].map((held) => held.release()));
  claims.clear();
  await rm(folder, { recursive: true, force: true });
});

async function claimed(at = path): Promise<Claim> {
  const outcome = await acquireSocketLock(at);
  if (!outcome.ok) throw new Error(`Cannot claim: ${outcome.failure.code}`);
  claims.add(outcome.value);
  return outcome.value;
}

async function startClaimant(): Promise<ChildProcess> {
  const child = fork(join(built, 'claimant.mjs'));
  children.add(child);
  await once(child, 'message');
  return child;
}

async function told(child: ChildProcess, at = path): Promise<unknown> {
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

test('acquireSocketLock() lets one in, makes others wait outside, and lets the next in after release()', async () => {
  const first = await claimed();
  const second = await acquireSocketLock(path);
  await first.release();
  claims.delete(first);
  await claimed();
  expect(second).toEqual(inUse());
});

test('acquireSocketLock() makes the server that it is given listen there', async () => {
  const server = createServer((_, response) => response.end('hello'));
  const outcome = await acquireSocketLock(path, server);
  if (outcome.ok) claims.add(outcome.value);
  const asked = request({ socketPath: path, agent: false });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage]; // says node:http
  expect(await text(response)).toBe('hello');
});

test('acquireSocketLock() leaves one socket in the folder, for nobody else to use, and release() none', async () => {
  const at = join(folder, 'made', 'agent.sock');
  const held = await claimed(at);
  const modes = await Promise.all(
    [at, join(folder, 'made')].map(async (one) => ((await lstat(one)).mode & 0o777).toString(8)),
  );
  const during = await readdir(join(folder, 'made'));
  await held.release();
  claims.delete(held);
  expect([modes, during, await readdir(join(folder, 'made'))]).toEqual([
    ['600', '700'],
    ['agent.sock'],
    [],
  ]);
});

test('release() leaves the socket of somebody else alone', async () => {
  const first = await claimed();
  await rm(path); // as a person might
  await claimed();
  await first.release();
  claims.delete(first);
  expect(await acquireSocketLock(path)).toEqual(inUse());
});

test('acquireSocketLock() takes over from a process that was killed', async () => {
  const child = await startClaimant();
  const before = await told(child);
  const during = await acquireSocketLock(path);
  await kill(child);
  await claimed();
  expect([before, during, await readdir(folder)]).toEqual(['owner', inUse(), ['agent.sock']]);
});

test('acquireSocketLock() lets exactly one of many take over, every time', async () => {
  const racers = await Promise.all(Array.from({ length: RACERS }, startClaimant));
  const rounds: unknown[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const answers = await Promise.all(racers.map((racer) => told(racer)));
    rounds.push([...answers].sort());
    const owner = racers[answers.indexOf('owner')];
    if (owner === undefined) break;
    await kill(owner);
    racers[racers.indexOf(owner)] = await startClaimant();
  }
  const losers = Array.from({ length: RACERS - 1 }, () => 'vault-in-use');
  expect(rounds).toEqual(Array.from({ length: ROUNDS }, () => ['owner', ...losers]));
}, 60_000);

/** Leaves a dead socket at the path, and says which. */
async function leaveDead(): Promise<string> {
  const child = await startClaimant();
  await told(child);
  await kill(child);
  const found = await probeSocket(path);
  if (found.kind !== 'dead') throw new Error(`The socket is ${found.kind}`);
  return found.identity;
}

test('acquireSocketLock() takes over when whoever was taking over was killed too', async () => {
  const right = helperPath(path, await leaveDead());
  const second = await startClaimant();
  await told(second, right);
  await kill(second);
  await claimed();
  expect(await readdir(folder)).toEqual(['agent.sock']);
});

test('removeDead() removes nothing that came after what was found dead', async () => {
  const identity = await leaveDead();
  await claimed();
  const outcome = await removeDead(path, identity);
  expect([outcome, await acquireSocketLock(path)]).toEqual([
    { ok: true, value: undefined },
    inUse(),
  ]);
});

test('removeDead() removes nothing while somebody else has the right to', async () => {
  const identity = await leaveDead();
  const right = helperPath(path, identity);
  await claimed(right);
  expect([await removeDead(path, identity), await probeSocket(path)]).toEqual([
    { ok: false, failure: { code: 'vault-in-use', owner: right } },
    { kind: 'dead', identity },
  ]);
});

test('acquireSocketLock() never removes what is not a socket', async () => {
  await writeFile(path, 'notes');
  expect([await acquireSocketLock(path), await readdir(folder)]).toEqual([
    unsafe(path, 'what lies there is not a socket'),
    ['agent.sock'],
  ]);
});

test('acquireSocketLock() refuses a folder that others may enter', async () => {
  await chmod(folder, 0o755);
  expect(await acquireSocketLock(path)).toEqual(
    unsafe(path, 'other users may enter its folder (wanted: 0700)'),
  );
});

test('acquireSocketLock() refuses a folder that cannot be', async () => {
  await writeFile(join(folder, 'file'), '');
  const at = join(folder, 'file', 'agent.sock');
  expect(await acquireSocketLock(at)).toEqual(
    unsafe(at, 'its folder cannot be made or looked at (EEXIST)'),
  );
});

test('acquireSocketLock() uses a path of 103 bytes, and refuses a longer one', async () => {
  const longest = join(folder, 'x'.repeat(103 - folder.length - 12), 'agent.sock');
  await mkdir(join(longest, '..'), { mode: 0o700 });
  const held = await claimed(longest);
  expect([Buffer.byteLength(held.path), await acquireSocketLock(`${longest}x`)]).toEqual([
    103,
    unsafe(`${longest}x`, "the path has 104 bytes, and a socket's may have 103"),
  ]);
});
