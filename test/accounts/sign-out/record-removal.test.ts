import { expect, test } from 'vitest';
import { toStored } from '../../../main/accounts/record-codec.ts';
import { RecordRemoval } from '../../../main/accounts/sign-out/record-removal.ts';
import type { VaultFailure } from '../../../common/failure.ts';
import { err } from '../../../common/result.ts';
import type { World } from '../../fixtures/world.ts';
import { account, makeWorld, HOUR, SECOND } from '../../fixtures/world.ts';

/** A vault with Alice's record whose disk rejects the next `times` removals. */
function refusing(failure: VaultFailure, times: number): World & { removals: RecordRemoval } {
  const world = makeWorld();
  world.vault.put(toStored(account()));
  let left = times;
  const remove = (id: string) => {
    left -= 1;
    return left >= 0 ? Promise.resolve(err(failure)) : world.vault.remove(id);
  };
  const { vault } = world;
  const weak = { load: () => vault.load(), save: vault.save.bind(vault), remove };
  return { ...world, removals: new RecordRemoval({ ...world.deps, vault: weak }) };
}

const full: VaultFailure = { code: 'disk-full', path: '/vault' };

test('RecordRemoval.remove() keeps retrying until the removal succeeds', async () => {
  const { removals, vault, clock, logged } = refusing(full, 3);
  await removals.remove(account());
  const first = vault.records.size;
  await clock.advance(6 * SECOND);
  const later = vault.records.size;
  await clock.advance(SECOND);
  expect([first, later, vault.records.size, clock.sleepers, logged.length]).toEqual([
    1, 1, 0, 0, 1,
  ]);
});

test('RecordRemoval.stop() retries once at once, and leaves no timer behind', async () => {
  const { removals, vault, clock } = refusing(full, 1);
  await removals.remove(account());
  await removals.stop();
  expect([vault.records.size, clock.sleepers]).toEqual([0, 0]);
});

test('RecordRemoval.remove() gives up if the vault is closed, as retrying cannot open it', async () => {
  const { removals, vault, clock } = refusing({ code: 'vault-locked' }, 1);
  await removals.remove(account());
  await clock.advance(HOUR);
  expect([vault.records.size, clock.sleepers]).toEqual([1, 0]);
});
