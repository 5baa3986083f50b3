import { chmod, cp, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ok } from '../../main/protocol/outcome.ts';
import { Secret } from '../../main/protocol/secret.ts';
import { nodeFiles } from '../../main/vault/node-files.ts';
import { openVault, type Unlock } from '../../main/vault/open-vault.ts';
import { passphraseKeeper } from '../../main/vault/passphrase-keeper.ts';
import { account, NOW, revealed, unprotected, unwrapped } from './samples.ts';

const A = 'aaaaaaaaaaaaaaaa';
const files = nodeFiles();
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyfob-vault-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function open(at: string, unlock: Unlock = unprotected) {
  return unwrapped(await openVault({ folder: at, unlock, files, now: () => NOW }));
}

/** Every name below `at` with its permissions. */
async function modes(at: string): Promise<Record<string, string>> {
  const names = ['', ...(await readdir(at, { recursive: true }))].sort();
  const found = names.map(async (name): Promise<[string, string]> => {
    const { mode } = await stat(join(at, name));
    return [name, (mode & 0o777).toString(8)];
  });
  return Object.fromEntries(await Promise.all(found));
}

test('a vault on a real disk is closed to others, and holds what was saved', async () => {
  const at = join(folder, 'deep', 'vault');
  const vault = await open(at);
  unwrapped(await vault.save(account(A, 1)));
  unwrapped(await vault.save(account(A, 2)));
  const { accounts } = unwrapped(await (await open(at)).load());
  expect([accounts.map(revealed), await modes(join(folder, 'deep'))]).toEqual([
    [revealed(account(A, 2))],
    {
      '': '700',
      vault: '700',
      'vault/accounts': '700',
      [`vault/accounts/${A}.previous`]: '600',
      [`vault/accounts/${A}.sealed`]: '600',
      'vault/vault.copy.json': '600',
      'vault/vault.json': '600',
    },
  ]);
});

test('a vault restored with loose permissions is closed when it is opened', async () => {
  const at = join(folder, 'vault');
  unwrapped(await (await open(at)).save(account(A)));
  for (const name of Object.keys(await modes(at))) await chmod(join(at, name), 0o755);
  await open(at);
  expect(new Set(Object.values(await modes(at)))).toEqual(new Set(['700', '600']));
});

test('a vault in a place that cannot be made is a failure', async () => {
  await writeFile(join(folder, 'file'), '');
  const at = join(folder, 'file', 'vault');
  expect(await openVault({ folder: at, unlock: unprotected, files, now: () => NOW })).toEqual({
    ok: false,
    failure: { code: 'disk-failed', path: at, errno: 'ENOTDIR' },
  });
});

test('a vault may lie behind a symbolic link', async () => {
  await symlink(folder, `${folder}-link`);
  try {
    unwrapped(await (await open(join(`${folder}-link`, 'vault'))).save(account(A)));
    const { accounts } = unwrapped(await (await open(join(folder, 'vault'))).load());
    expect(accounts.map(revealed)).toEqual([revealed(account(A))]);
  } finally {
    await rm(`${folder}-link`);
  }
});

test('a vault that version 1 wrote opens', async () => {
  await cp(new URL('records/vault-1', import.meta.url), folder, { recursive: true });
  const unlock: Unlock = () =>
    Promise.resolve(ok(passphraseKeeper(new Secret('correct horse battery staple'))));
  const { accounts, warnings } = unwrapped(await (await open(folder, unlock)).load());
  expect([accounts.map(revealed), warnings]).toEqual([[revealed(account(A, 2))], []]);
});

test('nodeFiles() of Windows asks for nothing that Windows does not have', async () => {
  const windows = nodeFiles('win32');
  await chmod(folder, 0o755);
  await windows.syncFolder('/none');
  expect([windows.uid, (await windows.stat(folder)).loose]).toEqual([null, false]);
});
