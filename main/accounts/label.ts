import type { Failure } from '../../common/failure.ts';
import { err, ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';

const MAX_LENGTH = 64;

/**
 * Whether `label` can name an account: 1 to 64 characters, no white space at the ends, no control
 * characters, no slash (it is part of an address), not beginning with `@` (that is a user id) or `-`
 * (that is an option).
 */
export function readLabel(label: string): Result<string, Failure> {
  const fits = label.length > 0 && label.length <= MAX_LENGTH && label === label.trim();
  const clean = /^[^@\-\p{C}/][^\p{C}/]*$/u.test(label);
  return fits && clean
    ? ok(label)
    : err({ code: 'label-invalid', label: label.slice(0, MAX_LENGTH) });
}

/** A label for `userId` that nobody has yet: `alice`, then `alice.example.org`, then with a number. */
export function freeLabel(userId: string, taken: (label: string) => boolean): string {
  const [localpart = '', ...rest] = userId.replace(/^@/, '').split(':');
  const short = readLabel(localpart.slice(0, MAX_LENGTH - 4));
  const base = short.ok ? short.value : 'account';
  const server = rest.join('-');
  const long = server === '' ? base : `${base}.${server}`.slice(0, MAX_LENGTH - 4);
  for (const label of [base, long]) if (readLabel(label).ok && !taken(label)) return label;
  for (let n = 2; ; n += 1) if (!taken(`${base}-${n}`)) return `${base}-${n}`;
}
