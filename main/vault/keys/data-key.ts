import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const KEY_BYTES = 32;

/** The key that records are sealed with. `id` is random, no secret, and stands in every sealed file. */
export type DataKey = Readonly<{ id: string; key: KeyObject }>;

/** The key that seals, and those that still open what was sealed before the last change. */
export type DataKeys = Readonly<{ current: DataKey; retired: readonly DataKey[] }>;

/** A new key, from the system's generator. */
export function newDataKey(): DataKey {
  return { id: randomBytes(8).toString('hex'), key: createSecretKey(randomBytes(KEY_BYTES)) };
}

/** The key from its bytes; null: they cannot be one. */
export function dataKeyFrom(id: string, bytes: Uint8Array): DataKey | null {
  return bytes.length === KEY_BYTES ? { id, key: createSecretKey(bytes) } : null;
}
