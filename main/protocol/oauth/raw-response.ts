import type { NetworkFailure } from '../../../common/failure.ts';
import { isObject } from '../../../common/json.ts';
import { readJson } from '../fields.ts';
import { networkFailureOfStatus } from '../http/network-error.ts';
import { withoutTokens } from '../http/redact.ts';
import { retryAfterMsOf } from '../http/retry-after.ts';
import { plainText } from '../../../common/sanitize.ts';
import type { Secret } from '../secret.ts';

/** One answer as plain data, before anyone says what it means. May hold tokens: never leaves `protocol/`. */
export type RawResponse = Readonly<{
  host: string;
  status: number;
  /** What the status alone tells: see `networkFailureOfStatus`. */
  statusFailure: NetworkFailure | null;
  /** From the header, or from Matrix's `retry_after_ms`; null: not said. */
  retryAfterMs: number | null;
  /** undefined: the body is no JSON. */
  json: unknown;
}>;

/** An OAuth error answer, or Matrix's kind of it. `error` is a code, `description` is for people. */
export type OAuthError = Readonly<{ error: string; description: string | null }>;

/** Takes an answer of `host` apart. */
export async function readRawResponse(host: string, response: Response): Promise<RawResponse> {
  const json = await readJson(response);
  const retryAfterMs = retryAfterMsOf(response) ?? matrixRetryAfterMs(json);
  const failure = networkFailureOfStatus(host, response);
  const statusFailure =
    failure !== null && 'retryAfterMs' in failure ? { ...failure, retryAfterMs } : failure;
  return { host, status: response.status, statusFailure, retryAfterMs, json };
}

/** The object's own member; undefined where it is absent, null, or `json` is no object. */
export function member(json: unknown, name: string): unknown {
  if (!isObject(json) || !Object.hasOwn(json, name)) return undefined;
  return json[name] ?? undefined;
}

/**
 * Seconds on the wire as milliseconds, a string of digits included; null when the member is absent
 * or cannot be read. Of either sign, not rounded, and possibly infinite (`1e999`): the caller bounds it.
 */
export function secondsMemberAsMs(json: unknown, name: string): number | null {
  const value = member(json, name);
  if (typeof value === 'number') return Number.isNaN(value) ? null : value * 1_000;
  if (typeof value !== 'string' || !/^-?\d{1,15}(?:\.\d{1,15})?$/.test(value)) return null;
  return Number(value) * 1_000;
}

/** Codes have no spaces: a sentence in `error` is some other API's message, not a code. */
const OAUTH_CODE = /^[A-Za-z0-9_.:/-]{1,64}$/;

const MATRIX_CODE = /^[A-Z0-9_.]{1,64}$/;

/**
 * The OAuth error that an answer reports, whatever its status; null when `error` is no code.
 * Matrix's error format uses `error` for a sentence, so a body with an `errcode` is never one.
 *
 * @param sent what the request carried: a server that echoes it does not get it into our words.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2}
 */
export function oauthErrorOf(json: unknown, sent: readonly Secret[]): OAuthError | null {
  const error = member(json, 'error');
  if (typeof error !== 'string' || !OAUTH_CODE.test(error)) return null;
  if (member(json, 'errcode') !== undefined || echoes(error, sent)) return null;
  return { error, description: wordsOf(member(json, 'error_description'), sent) };
}

/**
 * The error in Matrix's format, with its `errcode` as the code; null when there is none.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#standard-error-response Matrix 1.18, standard error response}
 */
export function matrixErrorOf(json: unknown, sent: readonly Secret[]): OAuthError | null {
  const errcode = member(json, 'errcode');
  if (typeof errcode !== 'string' || !MATRIX_CODE.test(errcode) || echoes(errcode, sent)) {
    return null;
  }
  return { error: errcode, description: wordsOf(member(json, 'error'), sent) };
}

/** A server's sentence for people, without the secrets that it may repeat. */
function wordsOf(text: unknown, sent: readonly Secret[]): string | null {
  const words = plainText(text);
  if (typeof text !== 'string' || words === null) return null;
  // Both forms: cutting may hide most of a secret, and cleaning may put one together.
  if (echoes(text, sent) || echoes(words, sent)) return null;
  // Nor the token of another exchange, of which nothing is known here.
  return withoutTokens(words);
}

function echoes(text: string, sent: readonly Secret[]): boolean {
  return sent.some((secret) => text.includes(secret.reveal()));
}

function matrixRetryAfterMs(json: unknown): number | null {
  const value = member(json, 'retry_after_ms');
  return typeof value === 'number' && value >= 0 && Number.isSafeInteger(value) ? value : null;
}
