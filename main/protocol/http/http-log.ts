import type { NetworkFailure } from '../../../common/failure.ts';
import { parseShallowJson } from '../fields.ts';
import type { Step } from './network.ts';
import { REDACTED, Redactor } from './redact.ts';

/**
 * One request and its response without secrets, for the inspector and for support. Header names are in
 * lower case. Bodies are cut at 4 KiB; of one that is neither JSON nor a form only the size is kept.
 */
export type HttpExchange = Readonly<{
  step: Step;
  /** The login that it belongs to; null: an account that is already signed in. */
  loginId: string | null;
  method: string;
  url: string;
  requestHeaders: Readonly<Record<string, string>>;
  /** null: the request had none. */
  requestBody: string | null;
  /** null: no response. */
  status: number | null;
  responseHeaders: Readonly<Record<string, string>>;
  /** null: none, or it was not read completely. */
  responseBody: string | null;
  /** Epoch milliseconds. */
  startedAt: number;
  tookMs: number;
  /** null: there was a response, of whatever content. `aborted`: by the caller. */
  failure: NetworkFailure | Readonly<{ code: 'aborted' }> | null;
}>;

/** An exchange with its secrets. Exists only until {@link redactExchange} has run. */
export type RawHttpExchange = Readonly<{
  step: Step;
  loginId: string | null;
  method: string;
  url: URL;
  requestHeaders: Headers;
  requestBody: string | null;
  status: number | null;
  responseHeaders: Headers;
  responseBody: Uint8Array<ArrayBuffer> | null;
  startedAt: number;
  tookMs: number;
  failure: HttpExchange['failure'];
}>;

const MAX_BODY = 4_096;
const MAX_HEADER = 1_024;

/** The exchange without secrets, as it may be kept and shown. */
export function redactExchange(raw: RawHttpExchange): HttpExchange {
  const { url, requestHeaders, responseHeaders } = raw;
  const sent = readBody(new TextEncoder().encode(raw.requestBody ?? ''), requestHeaders);
  const received = readBody(raw.responseBody, responseHeaders);
  const redactor = new Redactor();
  redactor.learnFromText(url.href);
  redactor.learn(url.password);
  redactor.learnFromHeaders(requestHeaders);
  redactor.learnFromHeaders(responseHeaders);
  for (const body of [sent, received]) learnFromBody(redactor, body);
  return {
    ...raw,
    url: redactor.text(url.href),
    requestHeaders: shownHeaders(redactor, requestHeaders),
    requestBody: shownBody(redactor, sent),
    responseHeaders: shownHeaders(redactor, responseHeaders),
    responseBody: shownBody(redactor, received),
  };
}

type Body = Readonly<
  | { kind: 'none' }
  | { kind: 'form'; form: URLSearchParams }
  | { kind: 'json'; value: unknown }
  | { kind: 'opaque'; length: number; type: string }
>;

function readBody(bytes: Uint8Array<ArrayBuffer> | null, headers: Headers): Body {
  if (bytes === null || bytes.length === 0) return { kind: 'none' };
  const type = headers.get('content-type') ?? 'unknown type';
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) {
    return { kind: 'form', form: new URLSearchParams(new TextDecoder().decode(bytes)) };
  }
  const value = parseShallowJson(bytes);
  // A bare string or number is JSON too, but has no field name that tells whether it is a secret.
  if (typeof value === 'object' && value !== null) return { kind: 'json', value };
  return { kind: 'opaque', length: bytes.length, type };
}

function learnFromBody(redactor: Redactor, body: Body): void {
  if (body.kind === 'form') redactor.learnFromForm(body.form);
  if (body.kind === 'json') redactor.learnFromJson(body.value);
}

function shownBody(redactor: Redactor, body: Body): string | null {
  switch (body.kind) {
    case 'none':
      return null;
    case 'form':
      return cut(redactor.form(body.form), MAX_BODY);
    case 'json':
      return cut(JSON.stringify(redactor.json(body.value)), MAX_BODY);
    case 'opaque':
      return cut(redactor.text(`(${body.length} bytes of ${body.type})`), MAX_HEADER);
  }
}

function shownHeaders(redactor: Redactor, headers: Headers): Readonly<Record<string, string>> {
  const shown = Object.entries(redactor.headers(headers));
  return Object.fromEntries(shown.map(([name, value]) => [name, cut(value, MAX_HEADER)]));
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max).replace(/[\ud800-\udbff]$/, '')}…`;
}

const CURL_HEADERS: readonly string[] = ['accept', 'authorization', 'content-type', 'user-agent'];

/**
 * The request as a curl command for a POSIX shell, on one line. A secret is replaced by a placeholder
 * with its name: `device_code=<device_code>`.
 */
export function asCurl(exchange: HttpExchange): string {
  const words = ['curl', '--globoff', '--request', quoted(exchange.method)];
  for (const [name, value] of Object.entries(exchange.requestHeaders)) {
    if (!CURL_HEADERS.includes(name)) continue;
    const shown = name === 'authorization' ? 'Bearer <access_token>' : value;
    words.push('--header', quoted(`${name}: ${shown}`));
  }
  // --data-raw, because --data reads a file if the body starts with @.
  if (exchange.requestBody !== null) words.push('--data-raw', quoted(exchange.requestBody));
  words.push(quoted(exchange.url));
  return words.join(' ');
}

function quoted(text: string): string {
  const visible = withPlaceholders(text).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
  return `'${visible.replaceAll("'", `'\\''`)}'`;
}

function withPlaceholders(text: string): string {
  return text
    .replace(/([\w%.-]+)=\[redacted\]/g, '$1=<$1>')
    .replace(/"([\w.-]+)":"\[redacted\]"/g, '"$1":"<$1>"')
    .replaceAll(REDACTED, '<redacted>');
}
