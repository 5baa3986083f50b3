import { createHash, randomInt } from 'node:crypto';

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = '0123456789';

/** The alphabets of codes, IDs and tokens, by use. */
export const alphabets = {
  digits,
  upperAndDigits: upper + digits,
  alphanumeric: upper + upper.toLowerCase() + digits,
  /** Consonants that can't be confused. RFC 8628 §6.1. */
  consonants: 'BCDFGHJKLMNPQRSTVWXZ',
  /** Crockford's alphabet, as used by ULIDs. */
  crockford: '0123456789ABCDEFGHJKMNPQRSTVWXYZ',
} as const;

/** A random text of this length, each character equally likely. */
export function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/** A ULID: 10 characters of time (epoch ms), 16 random ones. */
export function ulid(nowAt: number): string {
  let rest = Math.max(0, Math.floor(nowAt));
  let time = '';
  for (let place = 0; place < 10; place++) {
    time = alphabets.crockford.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return time + randomText(alphabets.crockford, 16);
}

/** The SHA-256 of a text: 43 characters in URL-safe base64, 44 in the standard one. */
export function digest(value: string, encoding: 'base64' | 'base64url'): string {
  return createHash('sha256').update(value).digest(encoding);
}
