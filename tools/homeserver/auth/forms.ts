import type { HttpRequest } from '../personality.ts';

/** The media type of a request's body, without parameters; empty if none is given. */
export function mediaType(asked: HttpRequest): string {
  return (asked.headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase();
}

/** The fields of a form; null: the body has another media type. */
export function readForm(asked: HttpRequest): URLSearchParams | null {
  if (mediaType(asked) !== 'application/x-www-form-urlencoded') return null;
  return new URLSearchParams(asked.body);
}

/** A JSON body; `undefined` (which JSON can't represent): it isn't JSON. */
export function readJson(asked: HttpRequest): unknown {
  try {
    const value: unknown = JSON.parse(asked.body);
    return value;
  } catch {
    return undefined; // the caller decides whether this is an error
  }
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The token in `Authorization: Bearer …`; null: none. */
export function bearerToken(asked: HttpRequest): string | null {
  const match = /^Bearer (.+)$/i.exec(asked.headers.authorization ?? '');
  return match?.[1] ?? null;
}
