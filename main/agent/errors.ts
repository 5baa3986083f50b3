import type { Failure } from '../../common/failure.ts';
import { retryAfterMs } from '../../common/failure.ts';
import { httpStatusOf } from '../../common/failure-codes.ts';
import { describeFailure } from '../../common/failure-text.ts';
import type { Result } from '../../common/result.ts';
import { err } from '../../common/result.ts';

/** The response to a request that failed. */
export type ErrorReply = Readonly<{
  status: number;
  error: Readonly<{
    code: string;
    message: string;
    hint: string;
    /** When a retry makes sense, in whole seconds; null: unknown, or never. */
    retry_after_s: number | null;
  }>;
}>;

/** A request that breaks the rules of the API, and why. `allow`: the methods that the path supports. */
export type Refusal = Readonly<{ status: number; why: string; allow: string | null }>;

/** A failure as the agent API reports it, with the HTTP status of its code. */
export function errorReply(failure: Failure): ErrorReply {
  const { code, message, hint } = describeFailure(failure);
  const waitMs = retryAfterMs(failure);
  const retry_after_s = waitMs === null ? null : Math.ceil(waitMs / 1_000);
  return { status: httpStatusOf(failure.code), error: { code, message, hint, retry_after_s } };
}

/** A refusal as the agent API reports it: all have one code, and the status that HTTP has for the case. */
export function refusalReply({ status, why }: Pick<Refusal, 'status' | 'why'>): ErrorReply {
  return { ...errorReply({ code: 'request-invalid', why }), status };
}

/** Refuses a request. */
export function refuse(
  status: number,
  why: string,
  allow: string | null = null,
): Result<never, Refusal> {
  return err({ status, why, allow });
}

/** The response when Keyfob has a bug. The error's own message is only logged: it may quote a secret. */
export const BUG_REPLY: ErrorReply = {
  status: 500,
  error: {
    code: 'internal-error',
    message: 'Keyfob ran into a bug while handling this request.',
    hint: 'Please report it, with the request and the log lines of this time.',
    retry_after_s: null,
  },
};
