import type { Failure, FailureCode } from '../../common/failure.ts';
import { retryAfterMs } from '../../common/failure.ts';
import { exitCodeOf } from '../../common/failure-codes.ts';
import { describeFailure } from '../../common/failure-text.ts';

/** What a request that failed is answered with. */
export type ErrorAnswer = Readonly<{
  status: number;
  error: Readonly<{
    code: string;
    message: string;
    hint: string;
    /** When a retry makes sense, in whole seconds; null: not known, or never. */
    retry_after_s: number | null;
  }>;
}>;

/**
 * A failure as the agent API answers it. `status` overrules the status that belongs to the code: a
 * request can be invalid in ways for which HTTP has words of its own.
 */
export function errorAnswer(failure: Failure, status = statusOf(failure.code)): ErrorAnswer {
  const { code, message, hint } = describeFailure(failure);
  const waitMs = retryAfterMs(failure);
  const retry_after_s = waitMs === null ? null : Math.ceil(waitMs / 1_000);
  return { status, error: { code, message, hint, retry_after_s } };
}

/** We have a bug. Its message stays here: nobody knows what it quotes. */
export const BUG_ANSWER: ErrorAnswer = {
  status: 500,
  error: {
    code: 'internal-error',
    message: 'Keyfob met a bug of its own while it answered this.',
    hint: 'Please report it, with what you asked for and the lines of the log at this time.',
    retry_after_s: null,
  },
};

/** The HTTP status of a failure: by its kind, as the exit code is, and finer where HTTP has the word. */
function statusOf(code: FailureCode): number {
  switch (code) {
    case 'label-taken':
    case 'account-ambiguous':
    case 'signing-out':
    case 'vault-in-use':
      return 409;
    case 'login-unknown':
      return 404;
    case 'disk-full':
      return 507;
    default:
      return STATUS_BY_EXIT_CODE[exitCodeOf(code)] ?? 500;
  }
}

const STATUS_BY_EXIT_CODE: Readonly<Record<number, number>> = {
  2: 400,
  3: 503,
  4: 401,
  5: 404,
  6: 403,
  7: 503,
  124: 504,
};
