import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accountOf, NOW, TOKEN } from '../../fixtures/fake-engine.ts';
import { run } from '../run-keyfob.ts';

test('keyfob doctor finds no problems on a healthy machine, and hides the home folder', async () => {
  const seen = await run(['status']);
  seen.io.env.KEYFOB_HOME = '/home/alice/keys';
  const { exitCode, stdout } = await seen.again(['doctor']);
  const lines = stdout.split('\n');
  expect([exitCode, lines[3], lines.at(-2), stdout.includes(TOKEN)]).toEqual([
    0,
    'ok      Data: ~/keys (not created yet)',
    'No problems, 1 warning.',
    false,
  ]);
});

test('keyfob doctor exits with 1, and says what to do, when other users have access', async () => {
  const seen = await run(['status']);
  seen.io.env.KEYFOB_HOME = seen.folder;
  await mkdir(join(seen.folder, 'vault'));
  await chmod(join(seen.folder, 'vault'), 0o755);
  const { exitCode, stdout } = await seen.again(['doctor']);
  expect([exitCode, stdout]).toEqual([
    1,
    expect.stringContaining(
      [
        `PROBLEM Sessions: ${seen.folder}/vault is accessible to other users (0755)`,
        `        Restrict access: chmod 700 '${seen.folder}/vault'`,
      ].join('\n'),
    ) as unknown,
  ]);
});

test('keyfob doctor calls a failed refresh a problem only where a person must act before it works', async () => {
  const seen = await run(['status']);
  const retrying = (code: string, retryMs: number) => ({
    kind: 'retrying' as const,
    attempt: 1,
    retryAt: NOW + retryMs,
    expiresAt: NOW + 60_000,
    notice: { code, message: 'It failed.', hint: 'Help.' },
  });
  seen.engine.accounts = [
    accountOf('a', { state: retrying('disk-full', 8_000) }),
    accountOf('b', { state: retrying('rate-limited', 8_000) }),
    accountOf('c', { state: retrying('disk-full', 60_000) }),
  ];
  const { exitCode, stdout } = await seen.again(['doctor']);
  const lines = stdout.split('\n').filter((line) => line.includes(' Account '));
  expect({ exitCode, lines }).toEqual({
    exitCode: 1,
    lines: [
      'PROBLEM Account a (@a:example.org): Disk full, retrying in 8 s',
      'warning Account b (@b:example.org): Rate limited by the server, retrying in 8 s',
      'warning Account c (@c:example.org): Valid for 1 min 0 s (last refresh failed: disk full)',
    ],
  });
});

test('keyfob doctor reports every account', async () => {
  const seen = await run(['status']);
  const notice = { code: 'account-locked', message: 'It is locked.', hint: 'Ask the admin.' };
  seen.engine.accounts = [
    accountOf('gone', { state: { kind: 'signed-out', why: 'ended-by-server' } }),
    accountOf('shut', { state: { kind: 'locked', retryAt: NOW + 60_000, notice } }),
  ];
  const { exitCode, stdout } = await seen.again(['doctor']);
  expect([exitCode, stdout.split('\n').slice(-7)]).toEqual([
    1,
    [
      'warning Account gone (@gone:example.org): Signed out by the server',
      '        Sign in again: keyfob login @gone:example.org --label gone',
      'PROBLEM Account shut (@shut:example.org): Locked by the server, retrying in 1 min 0 s',
      '        It is locked. Ask the admin.',
      '',
      '1 problem, 2 warnings.',
      '',
    ],
  ]);
});
