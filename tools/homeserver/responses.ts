import type { HttpResponse } from './personality.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** The headers that OAuth requires on every response with a token or a code. RFC 6749 §5.1. */
export const noStore: Headers = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** The headers that Matrix requires on every client-server response, for web clients. */
export const anyOrigin: Headers = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
  'access-control-allow-headers': 'X-Requested-With, Content-Type, Authorization',
};

/** A JSON response. */
export function json(status: number, value: unknown, headers: Headers = {}): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  };
}

/** A plain-text response, as Rust web frameworks send when a body doesn't fit the type. */
export function text(status: number, body: string, headers: Headers = {}): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
}

/** An HTML page. */
export function html(status: number, body: string, headers: Headers = {}): HttpResponse {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      ...noStore,
      ...headers,
    },
    body,
  };
}

/** A response without a body. */
export function empty(status: number, headers: Headers = {}): HttpResponse {
  return { status, headers, body: '' };
}

/** An OAuth error. RFC 6749 §5.2. */
export function oauthError(
  status: number,
  error: string,
  description: string | null = null,
): HttpResponse {
  const body = description === null ? { error } : { error, error_description: description };
  return json(status, body, noStore);
}

/** A Matrix error. */
export function matrixError(
  status: number,
  errcode: string,
  error: string,
  extra: Readonly<Record<string, unknown>> = {},
): HttpResponse {
  return json(status, { errcode, error, ...extra }, anyOrigin);
}
