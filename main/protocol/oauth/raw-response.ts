import type { NetworkFailure } from '../../../common/failure.ts';
import { fieldOf, readJson } from '../fields.ts';
import { networkFailureOfStatus } from '../http/network-error.ts';
import { withoutTokens } from '../http/redact.ts';
import { retryAfterMsOf } from '../http/retry-after.ts';
import { plainText } from '../../../common/sanitize.ts';
import type { Secret } from '../secret.ts';

/** A response as plain data, not yet interpreted. May contain tokens, so it never leaves `protocol/`. */
export type RawResponse = Readonly<{
  host: string;
  status: number;
  /** The failure that the status alone stands for: see `networkFailureOfStatus`. */
  statusFailure: NetworkFailure | null;
  /** From the header or Matrix's `retry_after_ms`; null: neither. */
  retryAfterMs: number | null;
  /** undefined: the body is not JSON. */
  json: unknown;
}>;

/** An OAuth or Matrix error response. `error` is a code, `description` is for people. */
export type OAuthError = Readonly<{ error: string; description: string | null }>;

/** Reads a response of `host`. */
export async function readRawResponse(host: string, response: Response): Promise<RawResponse> {
  const json = await readJson(response);
  const retryAfterMs = retryAfterMsOf(response) ?? matrixRetryAfterMs(json);
  const failure = networkFailureOfStatus(host, response);
  const statusFailure =
    failure !== null && 'retryAfterMs' in failure ? { ...failure, retryAfterMs } : failure;
  return { host, status: response.status, statusFailure, retryAfterMs, json };
}

/** A code has no spaces: a sentence in `error` is the message of some other API. */
const OAUTH_CODE = /^[A-Za-z0-9_.:/-]{1,64}$/;

const MATRIX_CODE = /^[A-Z0-9_.]{1,64}$/;

/**
 * The OAuth error of a response, at any status; null when `error` is not a code. A body with an
 * `errcode` has none, because in Matrix's format `error` is a sentence.
 *
 * @param sent secrets of the request, which must not get into the description if a server echoes them.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2}
 */
export function oauthErrorOf(json: unknown, sent: readonly Secret[]): OAuthError | null {
  const error = fieldOf(json, 'error');
  if (typeof error !== 'string' || !OAUTH_CODE.test(error)) return null;
  if (fieldOf(json, 'errcode') !== undefined || echoes(error, sent)) return null;
  return { error, description: descriptionOf(fieldOf(json, 'error_description'), sent) };
}

/**
 * The error of a response in Matrix's format, with `errcode` as its code; null when there is none.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#standard-error-response Matrix 1.18, standard error response}
 */
export function matrixErrorOf(json: unknown, sent: readonly Secret[]): OAuthError | null {
  const errcode = fieldOf(json, 'errcode');
  if (typeof errcode !== 'string' || !MATRIX_CODE.test(errcode) || echoes(errcode, sent)) {
    return null;
  }
  return { error: errcode, description: descriptionOf(fieldOf(json, 'error'), sent) };
}

/** A server's message for people; null if it repeats a secret of the request. */
function descriptionOf(text: unknown, sent: readonly Secret[]): string | null {
  const words = plainText(text);
  if (typeof text !== 'string' || words === null) return null;
  // Both: cutting may hide most of a secret, and cleaning may join one together.
  if (echoes(text, sent) || echoes(words, sent)) return null;
  // It may also contain a token of another request, which is not known here.
  return withoutTokens(words);
}

function echoes(text: string, sent: readonly Secret[]): boolean {
  return sent.some((secret) => text.includes(secret.reveal()));
}

function matrixRetryAfterMs(json: unknown): number | null {
  const value = fieldOf(json, 'retry_after_ms');
  return typeof value === 'number' && value >= 0 && Number.isSafeInteger(value) ? value : null;
}
