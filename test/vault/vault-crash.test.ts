import { expect, test } from 'vitest';
import type { StoredAccount } from '../../main/accounts/record.ts';
import { ok } from '../../common/result.ts';
import { Secret } from '../../main/protocol/secret.ts';
import type { OpenVault } from '../../main/vault/file-vault.ts';
import { unprotectedKeyProvider } from '../../main/vault/keys/unprotected-key.ts';
import type { Unlock } from '../../main/vault/open-vault.ts';
import { passphraseKeyProvider } from '../../main/vault/keys/passphrase-provider.ts';
import { Crash, faultyFiles } from './files/faulty-files.ts';
import { MemoryDisk } from './files/memory-disk.ts';
import { account, FOLDER, inDoubt, NOW, opened, revealed, unwrapped } from './samples.ts';

const A = 'aaaaaaaaaaaaaaaa';
const B = 'bbbbbbbbbbbbbbbb';

const passphrase = passphraseKeyProvider(new Secret('correct horse'), { N: 2, r: 1, p: 1 });

/** Has both providers, so it can open the vault after an interrupted change of provider. */
const either: Unlock = (kept) =>
  Promise.resolve(
    ok(
      kept === 'passphrase'
        ? passphrase
        : unprotectedKeyProvider({ consent: true, consentedAt: NOW }),
    ),
  );

type Deed = (vault: OpenVault) => Promise<unknown>;

async function filled(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const vault = await opened(disk);
  for (const generation of [1, 2]) {
    for (const id of [A, B]) unwrapped(await vault.save(account(id, generation)));
  }
  return disk;
}

/** The accounts in the vault on `disk`, after reopening it. */
async function accountsOn(disk: MemoryDisk): Promise<unknown[]> {
  return unwrapped(await (await opened(disk, either)).load()).accounts.map(revealed);
}

/** The states of a disk that power cuts can leave. */
function cutsOf(disk: MemoryDisk): readonly MemoryDisk[] {
  return Array.from({ length: disk.unsynced + 1 }, (_, kept) => [
    disk.afterPowerCut(kept),
    disk.afterPowerCut(kept, true),
  ]).flat();
}

/**
 * Opens the vault and runs `deed`, once for every step of both, ending the process at that
 * step. Returns the content of every possible disk: after a kill, and after each power cut.
 */
async function restsOf(start: () => Promise<MemoryDisk>, deed: Deed): Promise<unknown[][]> {
  const rests: unknown[][] = [];
  for (let at = 0; ; at += 1) {
    const disk = await start();
    const files = faultyFiles(disk, { at, crash: true });
    let crashed = false;
    try {
      await deed(await opened(files, either));
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      crashed = true;
    }
    for (const left of [...cutsOf(disk), disk]) rests.push(await accountsOn(left));
    if (!crashed) return rests;
  }
}

/** The distinct `rests`, in order of first appearance. */
function distinct(rests: readonly unknown[][]): unknown[] {
  return [...new Set(rests.map((rest) => JSON.stringify(rest)))].map((rest): unknown =>
    JSON.parse(rest),
  );
}

function states(...all: StoredAccount[][]): unknown[] {
  return all.map((accounts) => accounts.map(revealed));
}

test('openVault() of a new vault can be interrupted at any step and repeated', async () => {
  const rests = await restsOf(
    () => Promise.resolve(new MemoryDisk()),
    (vault) => vault.load(),
  );
  expect(distinct(rests)).toEqual([[]]);
});

test('save() leaves the old or the new state intact wherever it is interrupted, and the new one after it', async () => {
  const rests = await restsOf(filled, (vault) => vault.save(account(A, 3)));
  expect([distinct(rests), rests.at(-1)]).toEqual([
    states(
      [account(A, 2), account(B, 2)],
      [inDoubt(account(A, 2)), account(B, 2)],
      [account(A, 3), account(B, 2)],
    ),
    ...states([account(A, 3), account(B, 2)]),
  ]);
});

test('save() of a new account stores all of it or nothing, wherever it is interrupted', async () => {
  const fresh = 'cccccccccccccccc';
  const rests = await restsOf(filled, (vault) => vault.save(account(fresh)));
  const before = [account(A, 2), account(B, 2)];
  expect(distinct(rests)).toEqual(
    states(before, [...before, inDoubt(account(fresh))], [...before, account(fresh)]),
  );
});

test('remove() brings no older state back, wherever it is interrupted', async () => {
  const rests = await restsOf(filled, (vault) => vault.remove(A));
  expect(distinct(rests)).toEqual(
    states(
      [account(A, 2), account(B, 2)],
      [inDoubt(account(A, 2)), account(B, 2)],
      [account(B, 2)],
    ),
  );
});

test('load() can be interrupted at any step of a repair', async () => {
  const damaged = async () => {
    const disk = await filled();
    disk.put(`${FOLDER}/accounts/${A}.a.sealed`, Buffer.from('damaged'));
    return disk;
  };
  const rests = await restsOf(damaged, (vault) => vault.load());
  expect(distinct(rests)).toEqual(states([inDoubt(account(A, 1)), account(B, 2)]));
});

test('changeKeyProvider() loses nothing, wherever it is interrupted', async () => {
  const rests = await restsOf(filled, (vault) => vault.changeKeyProvider(passphrase));
  expect(distinct(rests)).toEqual(states([account(A, 2), account(B, 2)]));
});

test('changeKeyProvider() loses nothing if the disk refuses one step, or all later ones', async () => {
  for (const lasting of [false, true]) {
    for (let at = 0; ; at += 1) {
      const disk = await filled();
      const fault = { at: Infinity, errno: 'ENOSPC', lasting };
      const files = faultyFiles(disk, fault);
      const vault = await opened(files, either);
      const before = files.steps();
      fault.at = before + at;
      const changed = await vault.changeKeyProvider(passphrase);
      const steps = files.steps() - before;
      fault.at = Infinity;
      unwrapped(await vault.save(account(A, 3)));
      for (const left of [...cutsOf(disk), disk]) {
        expect(await accountsOn(left)).toEqual([account(A, 3), account(B, 2)].map(revealed));
      }
      if (steps <= at) {
        expect(changed).toEqual({ ok: true, value: { finished: true } });
        break;
      }
    }
  }
});

test("an overwrite is safe even if the last process never synced the file's name", async () => {
  for (let at = 0; ; at += 1) {
    const disk = new MemoryDisk();
    await opened(disk, either);
    const crashed = await opened(faultyFiles(disk, { at, crash: true }), either)
      .then((vault) => vault.save(account(A, 1)))
      .then(
        () => false,
        () => true,
      );
    unwrapped(await (await opened(disk, either)).save(account(A, 2)));
    expect(await accountsOn(disk.afterPowerCut(0))).toEqual([revealed(account(A, 2))]);
    if (!crashed) return;
  }
});
