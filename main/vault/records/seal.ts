import { createHash } from 'node:crypto';
import { AEAD_OVERHEAD_BYTES, decrypt, encrypt } from '../keys/aead.ts';
import type { DataKey, DataKeys } from '../keys/data-key.ts';

const MAGIC = Buffer.from('KEYFOB');
const VERSION = 1;
const VERSION_AT = MAGIC.length;
const KEY_ID_AT = VERSION_AT + 1;
const BODY_AT = KEY_ID_AT + 8;
const CHECKSUM_BYTES = 8;

/** How many bytes {@link seal} adds to the text. */
export const SEAL_OVERHEAD_BYTES = BODY_AT + AEAD_OVERHEAD_BYTES + CHECKSUM_BYTES;

/** The result of reading bytes as a sealed file. */
export type OpenedSeal = Readonly<
  | { kind: 'opened'; text: Uint8Array; keyId: string }
  /** Intact, and written by a later version of Keyfob. */
  | { kind: 'newer'; version: number }
  /** Intact, but sealed under a key that this vault doesn't have. */
  | { kind: 'foreign' }
  | { kind: 'damaged' }
>;

/**
 * Encrypts and authenticates `text` for the file `name`: it opens under no other name. Layout:
 * `docs/vault-format.md`.
 */
export function seal(key: DataKey, name: string, text: Uint8Array): Uint8Array {
  const head = Buffer.concat([MAGIC, Buffer.from([VERSION]), Buffer.from(key.id, 'hex')]);
  const whole = Buffer.concat([head, encrypt(key.key, bound(head, name), text)]);
  return Buffer.concat([whole, checksum(whole)]);
}

/** Opens what {@link seal} made. Never throws. */
export function open(keys: DataKeys, name: string, bytes: Uint8Array): OpenedSeal {
  if (!isWhole(bytes)) return { kind: 'damaged' };
  const version = bytes[VERSION_AT] ?? 0;
  if (version > VERSION) return { kind: 'newer', version };
  if (version < VERSION || bytes.length < SEAL_OVERHEAD_BYTES) {
    return { kind: 'damaged' };
  }
  const keyId = Buffer.from(bytes.subarray(KEY_ID_AT, BODY_AT)).toString('hex');
  const key = [keys.current, ...keys.retired].find(({ id }) => id === keyId);
  if (key === undefined) return { kind: 'foreign' };
  const head = bytes.subarray(0, BODY_AT);
  const body = bytes.subarray(BODY_AT, bytes.length - CHECKSUM_BYTES);
  const text = decrypt(key.key, bound(head, name), body);
  return text === null ? { kind: 'damaged' } : { kind: 'opened', text, keyId };
}

/**
 * Whether the checksum matches: nothing is missing and nothing changed by accident. Every version keeps
 * magic, version and checksum in the same position, to tell a newer file from a damaged one.
 */
function isWhole(bytes: Uint8Array): boolean {
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < KEY_ID_AT || !MAGIC.equals(bytes.subarray(0, VERSION_AT))) return false;
  return checksum(bytes.subarray(0, end)).equals(bytes.subarray(end));
}

/** Detects accidents only; the cipher's authentication tag detects tampering. */
function checksum(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, CHECKSUM_BYTES);
}

function bound(head: Uint8Array, name: string): Uint8Array {
  return Buffer.concat([head, Buffer.from(name)]);
}
