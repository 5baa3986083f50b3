import type { VaultFailure } from '../../../common/failure.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import { dataKeyFrom, newDataKey } from './data-key.ts';
import type { DataKey, DataKeys } from './data-key.ts';
import type { Header } from '../header/header.ts';
import type { KeyProvider } from './key-provider.ts';
import { open, seal } from '../records/seal.ts';

/** A header and the keys it unlocks. */
export type Unlocked = Readonly<{ header: Header; keys: DataKeys }>;

/**
 * Makes a new data key wrapped by `provider`, with the `retired` keys sealed under it. Unwraps it once
 * before anything depends on it, to catch a keychain that stores but doesn't return.
 */
export async function makeKeys(
  provider: KeyProvider,
  createdAt: number,
  retired: readonly DataKey[],
): Promise<Result<Unlocked, VaultFailure>> {
  const current = newDataKey();
  const bytes = current.key.export();
  const wrapped = await provider.wrap(bytes);
  if (!wrapped.ok) return wrapped;
  const again = await provider.unwrap(wrapped.value);
  if (!again.ok) return again;
  if (!bytes.equals(again.value)) return err({ code: 'vault-locked' });
  const key = { id: current.id, keeper: provider.name, wrapped: wrapped.value };
  const header = { createdAt, key, retired: retired.map((old) => retire(current, old)) };
  return ok({ header, keys: { current, retired } });
}

/** Unwraps the keys in `header` with `provider`. */
export async function unlockKeys(
  header: Header,
  provider: KeyProvider,
): Promise<Result<DataKeys, VaultFailure>> {
  if (provider.name !== header.key.keeper) return err({ code: 'vault-locked' });
  const bytes = await provider.unwrap(header.key.wrapped);
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

/** Sealed under the new key, so that one unlock gives both while records exist under either. */
function retire(current: DataKey, old: DataKey): Header['retired'][number] {
  const sealed = seal(current, sealName(old.id), old.key.export());
  return { id: old.id, sealed: Buffer.from(sealed).toString('base64') };
}

/** No account id looks like this, so a sealed key can't be taken for a record. */
function sealName(keyId: string): string {
  return `key ${keyId}`;
}
