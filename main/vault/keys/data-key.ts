import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const KEY_BYTES = 32;

/** The key that encrypts records. `id` is random, not secret, and part of every sealed file. */
export type DataKey = Readonly<{ id: string; key: KeyObject }>;

/** The current key, and the retired ones that still open what was sealed before the last change. */
export type DataKeys = Readonly<{ current: DataKey; retired: readonly DataKey[] }>;

/** A new random key. */
export function newDataKey(): DataKey {
  return { id: randomBytes(8).toString('hex'), key: createSecretKey(randomBytes(KEY_BYTES)) };
}

/** The key from its bytes; null: wrong length. */
export function dataKeyFrom(id: string, bytes: Uint8Array): DataKey | null {
  return bytes.length === KEY_BYTES ? { id, key: createSecretKey(bytes) } : null;
}
