import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

import type { Step } from '../../../main/protocol/http/network.ts';
import { text } from '../responses.ts';
import { AutoApprover } from './auto-approval.ts';
import { deliver } from '../delivery.ts';
import type { Delivery } from '../delivery.ts';
import { Faults } from '../odd/faults.ts';
import { readForm } from './forms.ts';
import { answerMatrix } from '../matrix-side.ts';
import type { MatrixSide } from '../matrix-side.ts';
import type { HttpResponse, HttpRequest } from '../personality.ts';
import { SecretLog } from './secret-log.ts';
import { stepOf } from '../steps.ts';
import { readRequest, send } from '../wire.ts';

/** A request, and what happened to it. */
export type SeenRequest = Readonly<{
  /** Null: an approval page, a control request, or a path that does not exist. */
  step: Step | null;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** The fields of a form; empty for any other body. */
  form: Readonly<Record<string, string>>;
  body: string;
  /** Epoch ms by the server's clock. */
  at: number;
  /** Null: not answered yet, or never. */
  status: number | null;
}>;

type Seen = { -readonly [Key in keyof SeenRequest]: SeenRequest[Key] };

/** Handles every request: records it, applies its fault, routes it, sends the response. */
export class Dispatcher {
  readonly side: MatrixSide;
  readonly faults = new Faults();
  readonly secrets = new SecretLog();
  readonly approver: AutoApprover;
  readonly requests: Seen[] = [];
  /** Answers the control paths; null: another path. */
  control: (asked: HttpRequest) => HttpResponse | null = () => null;
  readonly #now: () => number;
  readonly #prefix: string;

  constructor(side: MatrixSide, now: () => number, prefix: string) {
    this.side = side;
    this.approver = new AutoApprover(side.personality);
    this.#now = now;
    this.#prefix = prefix;
  }

  /** Serves one request. Rejects only because of a bug. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readRequest(request, new URL(this.side.base).origin, this.#prefix);
    if (asked === null) {
      send(response, { how: 'whole', parcel: text(413, ''), delayMs: 0 }, this.#now());
      return;
    }
    const step = stepOf(asked, this.side.personality.endpoints);
    const seen = this.#remember(asked, step);
    const fault = step === null ? null : this.faults.take(step, asked);
    const delivery = await deliver(fault, () => this.#process(asked, step));
    seen.status = statusOf(delivery);
    if ('parcel' in delivery && typeof delivery.parcel.body === 'string') {
      this.secrets.note(delivery.parcel.body);
    }
    send(response, delivery, this.#now());
  }

  async #process(asked: HttpRequest, step: Step | null): Promise<HttpResponse> {
    if (step === 'token') this.approver.notePoll(asked);
    const answer =
      this.control(asked) ??
      (await answerMatrix(this.side, asked)) ??
      (await this.side.personality.answer(asked)) ??
      text(404, 'Not found');
    if (step === 'device-authorization') this.approver.noteCode(answer);
    this.secrets.note(answer.body);
    return answer;
  }

  #remember(asked: HttpRequest, step: Step | null): Seen {
    const { method, url, headers, body } = asked;
    const form = Object.fromEntries(readForm(asked) ?? []);
    const path = url.pathname + url.search;
    const seen = { step, method, path, headers, form, body, at: this.#now(), status: null };
    this.requests.push(seen);
    return seen;
  }
}

function statusOf(delivery: Delivery): number | null {
  switch (delivery.how) {
    case 'dropped':
      return null;
    case 'endless':
      return 200;
    default:
      return delivery.parcel.status;
  }
}
