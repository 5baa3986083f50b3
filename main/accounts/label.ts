import type { Failure } from '../../common/failure.ts';
import { err, ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';

const MAX_LENGTH = 64;

/**
 * Validates a label: 1 to 64 characters, no leading or trailing white space, no control characters, no
 * slash (labels are part of URLs), no leading `@` (a user ID) or `-` (an option).
 */
export function readLabel(label: string): Result<string, Failure> {
  const fits = label.length > 0 && label.length <= MAX_LENGTH && label === label.trim();
  const clean = /^[^@\-\p{C}/][^\p{C}/]*$/u.test(label);
  return fits && clean
    ? ok(label)
    : err({ code: 'label-invalid', label: label.slice(0, MAX_LENGTH) });
}

/** A free label for `userId`: `alice`, then `alice.example.org`, then with a number. */
export function freeLabel(userId: string, taken: (label: string) => boolean): string {
  const [localpart = '', ...rest] = userId.replace(/^@/, '').split(':');
  const short = readLabel(localpart.slice(0, MAX_LENGTH - 4));
  const base = short.ok ? short.value : 'account';
  const server = rest.join('-');
  const long = server === '' ? base : `${base}.${server}`.slice(0, MAX_LENGTH - 4);
  for (const label of [base, long]) if (readLabel(label).ok && !taken(label)) return label;
  for (let n = 2; ; n += 1) if (!taken(`${base}-${n}`)) return `${base}-${n}`;
}
