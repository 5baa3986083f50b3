import {
  chmod,
  cp,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StoredAccount } from '../../../main/accounts/record.ts';
import { ok } from '../../../common/result.ts';
import { Secret } from '../../../main/protocol/secret.ts';
import { nodeFiles } from '../../../main/vault/files/node-files.ts';
import { openVault } from '../../../main/vault/open-vault.ts';
import type { Unlock } from '../../../main/vault/open-vault.ts';
import { passphraseKeyProvider } from '../../../main/vault/keys/passphrase-provider.ts';
import { account, inDoubt, NOW, revealed, unprotected, unwrapped } from '../samples.ts';

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

test('a vault on a real disk is private and returns what was saved', async () => {
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
      [`vault/accounts/${A}.a.sealed`]: '600',
      [`vault/accounts/${A}.b.sealed`]: '600',
      'vault/vault.copy.json': '600',
      'vault/vault.json': '600',
    },
  ]);
});

test('a vault restored with loose permissions is made private when opened', async () => {
  const at = join(folder, 'vault');
  unwrapped(await (await open(at)).save(account(A)));
  for (const name of Object.keys(await modes(at))) await chmod(join(at, name), 0o755);
  await open(at);
  expect(new Set(Object.values(await modes(at)))).toEqual(new Set(['700', '600']));
});

test("a vault in a folder that can't be created is a failure", async () => {
  await writeFile(join(folder, 'file'), '');
  const at = join(folder, 'file', 'vault');
  expect(await openVault({ folder: at, unlock: unprotected, files, now: () => NOW })).toEqual({
    ok: false,
    failure: { code: 'disk-failed', path: at, errno: 'ENOTDIR' },
  });
});

test('a vault can be behind a symbolic link', async () => {
  await symlink(folder, `${folder}-link`);
  try {
    unwrapped(await (await open(join(`${folder}-link`, 'vault'))).save(account(A)));
    const { accounts } = unwrapped(await (await open(join(folder, 'vault'))).load());
    expect(accounts.map(revealed)).toEqual([revealed(account(A))]);
  } finally {
    await rm(`${folder}-link`);
  }
});

const correctHorse: Unlock = () =>
  Promise.resolve(ok(passphraseKeyProvider(new Secret('correct horse battery staple'))));

/** Opens a vault from the repository; returns its accounts, its warnings without paths, and its files. */
async function kept(
  version: number,
  meanwhile: (at: string) => Promise<void> = () => Promise.resolve(),
) {
  const at = join(folder, 'vault');
  await cp(new URL(`../old-vaults/vault-${version}`, import.meta.url), at, { recursive: true });
  await meanwhile(join(at, 'accounts'));
  const { accounts, warnings } = unwrapped(await (await open(at, correctHorse)).load());
  const names = (await readdir(join(at, 'accounts'))).sort();
  return [accounts.map(revealed), warnings.map(({ code }) => code), names];
}

/** The account as read from a version that did not store some facts: for those, the worst case. */
function older(generation: number): StoredAccount {
  const whole = account(A, generation);
  if (whole.state.kind !== 'active') return whole;
  const tokens = { ...whole.state.tokens, issuedUptime: null };
  return { ...whole, state: { ...whole.state, tokens, held: true } };
}

const NAMES = [`${A}.a.sealed`, `${A}.b.sealed`];

for (const version of [1, 2, 3]) {
  test(`a vault that version ${version} wrote opens`, async () => {
    const whole = version < 3 ? older(2) : account(A, 2);
    expect(await kept(version)).toEqual([[revealed(whole)], [], NAMES]);
  });
}

test('a version 1 vault returns its older copy if the newest is damaged', async () => {
  const harm = (at: string) => writeFile(join(at, `${A}.sealed`), 'damaged');
  const aside = `${A}.a.sealed.damaged-20261123T065100123Z`;
  expect(await kept(1, harm)).toEqual([
    [revealed(inDoubt(older(1)))],
    ['record-set-aside'],
    [NAMES[0], aside, NAMES[1]],
  ]);
});

test('a version 1 vault whose upgrade was interrupted is upgraded by the next opening', async () => {
  const half = (at: string) => rename(join(at, `${A}.previous`), join(at, `${A}.b.sealed`));
  expect(await kept(1, half)).toEqual([[revealed(older(2))], [], NAMES]);
});

test('an overwrite leaves nothing of the old content', async () => {
  const path = join(folder, 'file');
  await writeFile(path, 'something longer');
  const file = await files.edit(path);
  await file.write(Buffer.from('short'));
  await file.sync();
  await file.close();
  expect(await readFile(path, 'utf8')).toBe('short');
});

test('nodeFiles() on Windows calls nothing that Windows lacks', async () => {
  const windows = nodeFiles('win32');
  await chmod(folder, 0o755);
  await windows.syncFolder('/none');
  expect([windows.uid, (await windows.stat(folder)).loose]).toEqual([null, false]);
});
