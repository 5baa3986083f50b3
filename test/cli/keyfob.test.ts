import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentOnSocket } from '../agent/agent-on-socket.ts';
import { accountOf, TOKEN } from '../fixtures/fake-engine.ts';

let folder = '';

/** The command as it is shipped: one small entry, everything else in files that it loads when needed. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kf-cli-'));
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      target: 'node20',
      rolldownOptions: {
        input: { keyfob: join(import.meta.dirname, '../../main/cli/keyfob.ts') },
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the command as a process of its own. `stopAt`: closes stdout after that much of it. */
function keyfob(words: readonly string[], env: Record<string, string>, input = '') {
  const child = spawn(process.execPath, [join(folder, 'keyfob.mjs'), ...words], {
    env: { PATH: process.env.PATH, ...env },
  });
  child.stdin.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const result = new Promise<{ exitCode: number | null; stdout: string; stderr: string }>(
    (resolve) => child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr })),
  );
  return { child, result, stderrHas: (text: string) => eventually(() => stderr.includes(text)) };
}

async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function agent() {
  const running = await agentOnSocket();
  running.engine.accounts = [accountOf('alice')];
  return { ...running, env: { KEYFOB_SOCKET: running.socket, LANG: 'C.UTF-8' } };
}

test('keyfob token, as a process, prints the token', async () => {
  const { env } = await agent();
  expect(await keyfob(['token'], env).result).toEqual({
    exitCode: 0,
    stdout: `${TOKEN}\n`,
    stderr: '',
  });
});

test('keyfob, as a process, ends with the exit code and keeps stdout empty', async () => {
  const env = { KEYFOB_SOCKET: join(folder, 'none.sock') };
  expect(await keyfob(['token', 'alice'], env).result).toEqual({
    exitCode: 3,
    stdout: '',
    stderr: expect.stringContaining('[agent-not-running]') as unknown,
  });
});

test('keyfob --version, as a process, prints a version', async () => {
  expect(await keyfob(['--version'], {}).result).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as unknown,
    stderr: '',
  });
});

test('keyfob list, as a process, ignores a reader that stops early', async () => {
  const { env, engine } = await agent();
  engine.accounts = Array.from({ length: 5_000 }, (_, n) => accountOf(`account-${n}`));
  const { child, result } = keyfob(['list'], env);
  child.stdout.destroy();
  expect(await result).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});

test('keyfob login, as a process in a script, cancels at a signal', async () => {
  const { env, engine } = await agent();
  const { child, result, stderrHas } = keyfob(['login', 'example.org'], env);
  await eventually(() => engine.logins.length === 1);
  engine.moveLogin('login-1', {
    step: 'registering',
    homeserver: 'https://a.example',
    issuer: 'b',
  });
  await stderrHas('Homeserver');
  child.kill('SIGINT');
  expect([await result, engine.calls[1]]).toEqual([
    {
      exitCode: 130,
      stdout: '',
      stderr: expect.stringContaining('Cancelled. You were not signed in.') as unknown,
    },
    ['cancelLogin', 'login-1'],
  ]);
});

test('keyfob login, as a process that is killed, is cancelled', async () => {
  const { env, engine } = await agent();
  const { child } = keyfob(['login', 'example.org'], env);
  await eventually(() => engine.logins.length === 1);
  child.kill('SIGKILL');
  await eventually(() => engine.calls.length === 2);
  expect(engine.calls[1]).toEqual(['cancelLogin', 'login-1']);
});
