import { parseJson } from '../../common/json.ts';

/** A body for reading: JSON indented, a form with one field per line, anything else unchanged. */
export function bodyText(body: string, headers: Readonly<Record<string, string>>): string {
  const type = headers['content-type'] ?? '';
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return formText(body);
  return jsonText(body) ?? body;
}

/** `200`, or the failure code if there was no response. */
export function statusText(status: number | null, failure: string | null): string {
  return status === null ? (failure ?? '?') : String(status);
}

/** The tone for a status. */
export function statusTone(status: number | null): 'good' | 'warn' | 'bad' {
  if (status === null || status >= 500) return 'bad';
  return status >= 400 ? 'warn' : 'good';
}

/** A duration: `84 ms`, `1.2 s`. */
export function tookText(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** A local time of day: `09:05:07`. */
export function timeText(at: number): string {
  const moment = new Date(at);
  const parts = [moment.getHours(), moment.getMinutes(), moment.getSeconds()];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function formText(body: string): string {
  return [...new URLSearchParams(body)].map(([name, value]) => `${name} = ${value}`).join('\n');
}

/** The body indented; null if it is not JSON, for example because it was cut off. */
function jsonText(body: string): string | null {
  const value = parseJson(body);
  return value === undefined ? null : JSON.stringify(value, null, 2);
}
