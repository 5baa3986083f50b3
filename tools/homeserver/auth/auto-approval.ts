import { isRecord, readForm } from './forms.ts';
import type { HttpResponse, HttpRequest, Personality } from '../personality.ts';

/** How codes are decided on without a user. */
export type AutoApproval = Readonly<{
  localpart: string;
  deny: boolean;
  /** How many polls are answered "pending" first. */
  afterPolls: number;
}>;

type Waiting = { readonly userCode: string; polls: number };

/** Approves or declines new codes automatically while it is turned on. */
export class AutoApprover {
  readonly #personality: Personality;
  readonly #waiting = new Map<string, Waiting>();
  rule: AutoApproval | null = null;

  constructor(personality: Personality) {
    this.#personality = personality;
  }

  /** Registers a new code. */
  noteCode(answer: HttpResponse): void {
    const body: unknown = answer.status === 200 ? JSON.parse(answer.body) : null;
    if (!isRecord(body)) return;
    const { device_code: deviceCode, user_code: userCode } = body;
    if (typeof deviceCode === 'string' && typeof userCode === 'string') {
      this.#waiting.set(deviceCode, { userCode, polls: 0 });
    }
  }

  /** Decides on a code that is due, just before its poll is answered. */
  notePoll(asked: HttpRequest): void {
    const waiting = this.#waiting.get(readForm(asked)?.get('device_code') ?? '');
    if (waiting === undefined || this.rule === null) return;
    waiting.polls += 1;
    if (waiting.polls !== this.rule.afterPolls + 1) return;
    if (this.rule.deny) this.#personality.deny(waiting.userCode);
    else this.#personality.approve(waiting.userCode, this.rule.localpart);
  }
}
