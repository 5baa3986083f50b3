import type { NoticeSnapshot } from '../../common/snapshots.ts';
import { httpDate } from '../protocol/http/retry-after.ts';
import type { Network, Step } from '../protocol/http/network.ts';
import type { Moment } from './snapshot.ts';

/** A clock that is off by less troubles nobody. */
const TOLERANCE_MS = 2 * 60_000;

/** What a server said longer ago is not held against this computer's clock. */
const FORGET_MS = 60 * 60_000;

/** Answers that no cache keeps, so that their `Date` is from just now. */
const FRESH_STEPS: ReadonlySet<Step> = new Set(['token', 'refresh', 'revocation', 'whoami']);

type Heard = Readonly<{ serverAt: number; moment: Moment }>;

/**
 * What the servers' `Date` says about this computer's clock: only to tell the person. Nothing is
 * reckoned by it, because no token's life depends on what time it is.
 */
export class ClockSkew {
  readonly #moment: () => Moment;
  readonly #heard = new Map<string, Heard>();

  constructor(moment: () => Moment) {
    this.#moment = moment;
  }

  /** The same network, listened to. */
  withClockSkew(network: Network): Network {
    return async (step, url, init) => {
      const response = await network(step, url, init);
      const serverAt = FRESH_STEPS.has(step) ? httpDate(response.headers.get('date') ?? '') : null;
      if (serverAt !== null) this.#heard.set(url.host, { serverAt, moment: this.#moment() });
      return response;
    };
  }

  /**
   * What to tell the person; null: nothing. One server that agrees with this computer is enough: then
   * the others are wrong.
   */
  notice(): NoticeSnapshot | null {
    const { now, monotonic } = this.#moment();
    let least: Readonly<{ aheadMs: number; host: string }> | null = null;
    for (const [host, { serverAt, moment }] of this.#heard) {
      const sinceMs = monotonic - moment.monotonic;
      if (sinceMs > FORGET_MS) continue;
      const aheadMs = now - sinceMs - serverAt;
      if (least === null || Math.abs(aheadMs) < Math.abs(least.aheadMs)) least = { aheadMs, host };
    }
    if (least === null || Math.abs(least.aheadMs) <= TOLERANCE_MS) return null;
    return noticeOf(least.aheadMs, least.host);
  }
}

function noticeOf(aheadMs: number, host: string): NoticeSnapshot {
  const direction = aheadMs > 0 ? 'ahead of' : 'behind';
  return {
    code: 'clock-wrong',
    message: `This computer's clock is about ${roughly(Math.abs(aheadMs))} ${direction} that of ${host}.`,
    hint: 'Set the clock: the times shown here are wrong until then. Your tokens are kept fresh all the same.',
  };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Takes milliseconds, more than a minute. */
function roughly(ms: number): string {
  if (ms >= YEAR) return counted(ms / YEAR, 'year');
  if (ms >= DAY) return counted(ms / DAY, 'day');
  return ms >= HOUR ? counted(ms / HOUR, 'hour') : counted(ms / MINUTE, 'minute');
}

function counted(number: number, unit: string): string {
  const rounded = Math.round(number);
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`;
}
