import type { Step } from '../../../main/protocol/http/network.ts';
import type { HttpRequest } from '../personality.ts';

/** The parts of a response that a fault sets. An object as body is sent as JSON, text as HTML. */
export type Substitute = Readonly<{
  status?: number;
  headers?: Readonly<Record<string, string | readonly string[]>>;
  body?: string | Uint8Array | Readonly<Record<string, unknown>> | readonly unknown[];
}>;

/** One way in which a server, or a proxy in front of it, misbehaves. */
export type Fault = Readonly<
  /** Answers like this, without processing the request. */
  | { respond: Substitute & Readonly<{ status: number }> }
  /** Does what was asked, then alters the answer, if that is a JSON object. */
  | { patch: (json: Readonly<Record<string, unknown>>) => unknown }
  /** Does what was asked, then alters the text of the answer. */
  | { reword: (body: string) => string | Uint8Array }
  /** Does what was asked, then answers otherwise. What is not named stays. */
  | { replace: Substitute }
  /** Breaks the connection, before or after it did what was asked. */
  | { drop: 'before' | 'after' }
  /** Does what was asked, sends that many bytes of the body, and breaks the connection. */
  | { cutAt: number }
  /** Does what was asked, and sends the body that slowly. */
  | { drip: Readonly<{ bytesPerS: number }> }
  /** Does what was asked, waits, and answers. */
  | { delayMs: number }
  /** Answers 200 with a body that does not end, or with one of that many bytes. */
  | { endless: true; bytes?: number }
  /** Sends the request elsewhere, without doing what was asked. */
  | { redirect: Readonly<{ status: number; location: string }> }
  /** Does what was asked twice, as a proxy does that repeats requests; sends the second answer. */
  | { answerTwice: true }
>;

type Arranged = { readonly fault: Fault; readonly only: Filter; left: number };
type Filter = (asked: HttpRequest) => boolean;

const any: Filter = () => true;

/** The active faults, by step. */
export class Faults {
  readonly #arranged = new Map<Step, Arranged[]>();

  /** Applies the fault to the next requests of a step. Faults added earlier come first. */
  next(step: Step, fault: Fault, times = 1, only = any): void {
    this.#add(step, { fault, only, left: times });
  }

  /** Applies the fault to every request of a step, once those of `next` are used up. */
  always(step: Step, fault: Fault, only = any): void {
    this.#add(step, { fault, only, left: Infinity });
  }

  /** Clears the faults of a step; without a step, all of them. */
  clear(step?: Step): void {
    if (step === undefined) this.#arranged.clear();
    else this.#arranged.delete(step);
  }

  /** The fault for a request, which uses it up; null: none. */
  take(step: Step, asked: HttpRequest): Fault | null {
    const fitting = (this.#arranged.get(step) ?? []).filter(
      ({ left, only }) => left > 0 && only(asked),
    );
    const arranged = fitting.find(({ left }) => left !== Infinity) ?? fitting.at(-1);
    if (arranged === undefined) return null;
    arranged.left -= 1;
    return arranged.fault;
  }

  #add(step: Step, arranged: Arranged): void {
    const others = this.#arranged.get(step) ?? [];
    this.#arranged.set(step, [...others, arranged]);
  }
}
