import type { VaultFailure } from '../../../common/failure.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import { dataKeyFrom, newDataKey } from './data-key.ts';
import type { DataKey, DataKeys } from './data-key.ts';
import type { Header } from '../header/header.ts';
import type { KeyProvider } from './key-provider.ts';
import { open, seal } from '../records/seal.ts';

/** A header and the keys it leads to. */
export type Unlocked = Readonly<{ header: Header; keys: DataKeys }>;

/**
 * A new data key kept by `keeper`, and `retired` sealed under it. What the keeper made is opened once
 * before anything depends on it: a keychain that takes and does not give back is found out here.
 */
export async function makeKeys(
  keeper: KeyProvider,
  createdAt: number,
  retired: readonly DataKey[],
): Promise<Result<Unlocked, VaultFailure>> {
  const current = newDataKey();
  const bytes = current.key.export();
  const wrapped = await keeper.wrap(bytes);
  if (!wrapped.ok) return wrapped;
  const again = await keeper.unwrap(wrapped.value);
  if (!again.ok) return again;
  if (!bytes.equals(again.value)) return err({ code: 'vault-locked' });
  const key = { id: current.id, keeper: keeper.name, wrapped: wrapped.value };
  const header = { createdAt, key, retired: retired.map((old) => retire(current, old)) };
  return ok({ header, keys: { current, retired } });
}

/** The keys that `header` leads to, by `keeper`. */
export async function unlockKeys(
  header: Header,
  keeper: KeyProvider,
): Promise<Result<DataKeys, VaultFailure>> {
  if (keeper.name !== header.key.keeper) return err({ code: 'vault-locked' });
  const bytes = await keeper.unwrap(header.key.wrapped);
  if (!bytes.ok) return bytes;
  const current = dataKeyFrom(header.key.id, bytes.value);
  if (current === null) return err({ code: 'vault-corrupt', quarantine: null });
  const retired: DataKey[] = [];
  for (const { id, sealed } of header.retired) {
    const opened = open({ current, retired: [] }, sealName(id), Buffer.from(sealed, 'base64'));
    const old = opened.kind === 'opened' ? dataKeyFrom(id, opened.text) : null;
    if (old === null) return err({ code: 'vault-corrupt', quarantine: null });
    retired.push(old);
  }
  return ok({ current, retired });
}

/** Under the new key, so that one unlock gives both while records of both are about. */
function retire(current: DataKey, old: DataKey): Header['retired'][number] {
  const sealed = seal(current, sealName(old.id), old.key.export());
  return { id: old.id, sealed: Buffer.from(sealed).toString('base64') };
}

/** No account's name looks like this, so a sealed key is never taken for a record. */
function sealName(keyId: string): string {
  return `key ${keyId}`;
}
