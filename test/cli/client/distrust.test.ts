import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { main } from '../../../main/cli/main.ts';
import { FakeIo } from '../fake-io.ts';
import { run } from '../run-keyfob.ts';

test('keyfob without an agent ends with 3', async () => {
  const io = new FakeIo();
  io.env.KEYFOB_SOCKET = '/nonexistent/agent.sock';
  const exitCode = await main(['token', 'alice'], io);
  expect([exitCode, io.stdout, io.stderr.split('\n')[0]]).toEqual([
    3,
    '',
    'keyfob: Keyfob is not running: nothing is listening at /nonexistent/agent.sock. [agent-not-running]',
  ]);
});

test('keyfob does not use a socket that other users can replace', async () => {
  const seen = await run(['status']);
  await chmod(seen.folder, 0o777);
  const { exitCode, stdout, stderr } = await seen.again(['token', 'alice']);
  expect([exitCode, stdout, stderr.includes('[socket-unsafe]'), seen.engine.calls]).toEqual([
    1,
    '',
    true,
    [],
  ]);
});

test('keyfob does not use a file as a socket', async () => {
  const seen = await run(['status']);
  const path = join(seen.folder, 'file');
  await writeFile(path, '');
  seen.io.env.KEYFOB_SOCKET = path;
  const { exitCode, stderr } = await seen.again(['list']);
  expect([exitCode, stderr.includes('it is not a socket [socket-unsafe]') || stderr]).toEqual([
    1,
    expect.stringContaining('it is not a socket') as unknown,
  ]);
});

test.each([
  [
    'another API',
    'HTTP/1.1 200 OK\r\nkeyfob-api: 2\r\nkeyfob-version: 7.0.0\r\ncontent-length: 2\r\n\r\n{}',
    '7.0.0',
  ],
  ['no Keyfob at all', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}', 'unknown'],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', 'unknown'],
  ['an answer without an end', 'HTTP/1.1 200 OK\r\n', 'unknown'],
  [
    'a token with a line break',
    'HTTP/1.1 200 OK\r\nkeyfob-api: 1\r\ncontent-length: 61\r\n\r\n{"access_token":"a\\nb","homeserver_url":"h","user_id":"u@u:uu"}',
    'unknown',
  ],
])('keyfob token refuses %s', async (_name, answer, version) => {
  const seen = await run(['status']);
  const path = join(seen.folder, 'other.sock');
  const server = createServer((socket) => void socket.end(answer));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  seen.io.env.KEYFOB_SOCKET = path;
  const { exitCode, stdout, stderr } = await seen.again(['token', 'alice']);
  expect([exitCode, stdout, stderr.split('\n')[0]]).toEqual([
    1,
    '',
    `keyfob: The running Keyfob is version ${version}, but this command is version 0.1.0. [agent-other-version]`,
  ]);
});
