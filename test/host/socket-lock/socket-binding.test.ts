import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bindName, listenAt } from '../../../main/host/socket-lock/socket-binding.ts';
import type { Binding } from '../../../main/host/socket-lock/socket-binding.ts';
import { probeSocket } from '../../../main/host/socket-lock/socket-files.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyfob-binding-'));
  path = join(folder, 'agent.sock');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function cannotLink(): Promise<never> {
  return Promise.reject(Object.assign(new Error('EPERM'), { code: 'EPERM', errno: -1 }));
}

async function release(bound: Binding): Promise<void> {
  if (bound.kind === 'bound') await bound.lock.release();
}

test('bindName() binds a free path, and reports a taken one', async () => {
  const first = await bindName(path, createServer());
  const second = await bindName(path, createServer());
  const names = await readdir(folder);
  await release(first);
  expect([first.kind, second, names, await probeSocket(path)]).toEqual([
    'bound',
    { kind: 'taken' },
    ['agent.sock'],
    { kind: 'free' },
  ]);
});

test('bindName() listens at the path itself where sockets cannot be hard-linked', async () => {
  const first = await bindName(path, createServer(), cannotLink);
  const second = await bindName(path, createServer(), cannotLink);
  const found = await probeSocket(path);
  const mode = ((await lstat(path)).mode & 0o777).toString(8);
  const names = await readdir(folder);
  await release(first);
  expect([first.kind, second, found, mode, names, await probeSocket(path)]).toEqual([
    'bound',
    { kind: 'taken' },
    { kind: 'alive' },
    '600',
    ['agent.sock'],
    { kind: 'free' },
  ]);
});

test('listenAt() reports why the system refuses', async () => {
  expect(await listenAt(join(folder, 'none', 'agent.sock'), createServer())).toEqual({
    kind: 'refused',
    why: 'the system refuses to listen there (EACCES)',
  });
});
