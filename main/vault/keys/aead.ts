import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** How many bytes {@link encrypt} adds: nonce and tag. */
export const AEAD_OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES;

/**
 * AES-256-GCM with a random nonce: nonce, ciphertext and tag, concatenated. `bound` is additional
 * authenticated data: not part of the result, but needed to decrypt. One key is good for 2^32 calls.
 *
 * @see {@link https://nvlpubs.nist.gov/nistpubs/Legacy/SP/nistspecialpublication800-38d.pdf NIST SP 800-38D §8.3}
 */
export function encrypt(key: KeyObject, bound: Uint8Array, text: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bound);
  const body = cipher.update(text);
  return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts; null: wrong key, wrong `bound`, or a changed bit. */
export function decrypt(key: KeyObject, bound: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  if (sealed.length < AEAD_OVERHEAD_BYTES) return null;
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(bound);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const text = decipher.update(body);
  try {
    return Buffer.concat([text, decipher.final()]);
  } catch {
    return null; // The tag doesn't match: the only reason for final() to throw.
  }
}
