const YEAR_S = 31_536_000;

/**
 * `Retry-After` in milliseconds, at most a year; null when absent or unreadable.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.3 RFC 9110 §10.2.3}
 */
export function retryAfterMsOf(response: Response, now: number | null = null): number | null {
  const text = response.headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text), YEAR_S) * 1_000;
  const at = httpDate(text);
  const from = httpDate(response.headers.get('date') ?? '') ?? now;
  if (at === null || from === null) return null;
  return Math.min(Math.max(0, at - from), YEAR_S * 1_000);
}

/** An HTTP date as epoch milliseconds; null: not in the only format that RFC 9110 lets servers send. */
export function httpDate(text: string): number | null {
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return null;
  // eslint-disable-next-line no-restricted-globals -- parses a text, does not read the time
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
