import type { NoticeSnapshot } from '../../common/snapshots.ts';
import { CLOCK_SKEW_LIMIT_MS } from '../../common/time.ts';
import { httpDate } from '../protocol/http/retry-after.ts';
import type { Network, Step } from '../protocol/http/network.ts';
import type { Moment } from './snapshot.ts';

/** Older observations are dropped. */
const FORGET_MS = 60 * 60_000;

/** Responses that are never cached, so their `Date` is current. */
const FRESH_STEPS: ReadonlySet<Step> = new Set(['token', 'refresh', 'revocation', 'whoami']);

type Heard = Readonly<{ serverAt: number; moment: Moment }>;

/**
 * Clock skew, from the `Date` header of responses. Only displayed: token lifetimes never depend on the
 * wall clock.
 */
export class ClockSkew {
  readonly #moment: () => Moment;
  readonly #heard = new Map<string, Heard>();

  constructor(moment: () => Moment) {
    this.#moment = moment;
  }

  /** The same network, with the clocks of its servers observed. */
  withClockSkew(network: Network): Network {
    return async (step, url, init) => {
      const response = await network(step, url, init);
      const serverAt = FRESH_STEPS.has(step) ? httpDate(response.headers.get('date') ?? '') : null;
      if (serverAt !== null) this.#heard.set(url.host, { serverAt, moment: this.#moment() });
      return response;
    };
  }

  /**
   * The notice for the user; null: none. If one server agrees with this computer, the others are
   * assumed to be wrong.
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
    if (least === null || Math.abs(least.aheadMs) <= CLOCK_SKEW_LIMIT_MS) return null;
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

/** A duration of more than a minute in words. */
function roughly(ms: number): string {
  if (ms >= YEAR) return counted(ms / YEAR, 'year');
  if (ms >= DAY) return counted(ms / DAY, 'day');
  return ms >= HOUR ? counted(ms / HOUR, 'hour') : counted(ms / MINUTE, 'minute');
}

function counted(number: number, unit: string): string {
  const rounded = Math.round(number);
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`;
}
