import { empty, html } from '../answers.ts';
import { textOf } from './clients.ts';
import { deviceName } from './device-name.ts';
import { readForm } from './forms.ts';
import type { DeviceAuthorizationResponse } from './grants.ts';
import type { House } from '../house.ts';
import { codePage, consentPage, resultPage } from './pages.ts';
import type { Consent } from './pages.ts';
import type { Answer, Asked } from '../personality.ts';

/** In what the families differ where a person approves a code. */
export type ApprovalRules = Readonly<{
  /** The path of `verification_uri`. `/link` leads to the same page everywhere. */
  path: string;
  /** The query member that carries the code in `verification_uri_complete`. */
  parameter: 'code' | 'user_code';
  /** The longest code that the field takes. */
  codeLength: number;
  /** From what was typed to what is stored. */
  normalise: (typed: string) => string;
  /** From what is stored to what is shown. */
  format: (userCode: string) => string;
  /** Why the server will not let anybody approve this grant; null: it will. */
  refusal: (grant: DeviceAuthorizationResponse) => string | null;
  /** Whether a person must tick that the device is theirs, and what happens to a form without it. */
  wantsConfirmation: boolean;
  /** The status when a grant has run out between two pages. */
  goneStatus: number;
  /** False: a declined grant simply stays pending. */
  remembersDenial: boolean;
}>;

const unknownCode = 'This code is not known. It may have run out: ask your device for a new one.';

/** Where people approve codes: by page, or by call, which does the same without a browser. */
export class Approval {
  readonly #house: House;
  readonly #rules: ApprovalRules;

  constructor(house: House, rules: ApprovalRules) {
    this.#house = house;
    this.#rules = rules;
  }

  /** Answers the approval pages; null: the path is none of them. */
  answer(asked: Asked): Answer | null {
    const { pathname, searchParams } = asked.url;
    if (pathname === this.#rules.path || pathname === '/link') {
      const fields = asked.method === 'POST' ? readForm(asked) : searchParams;
      const typed = fields?.get('code') ?? fields?.get('user_code') ?? null;
      return typed === null ? this.#askForCode('', null) : this.#enter(typed);
    }
    const id = /^\/device\/([0-9A-Z]+)$/.exec(pathname)?.[1];
    return id === undefined ? null : this.#askForConsent(asked, id);
  }

  /** False: no such code is waiting, there is no such person, or the server forbids it. */
  approve(userCode: string, localpart: string): boolean {
    const grant = this.#waiting(userCode);
    return grant !== null && this.#approve(grant, localpart);
  }

  /** False: no such code is waiting. */
  deny(userCode: string): boolean {
    const grant = this.#waiting(userCode);
    if (grant !== null) this.#deny(grant);
    return grant !== null;
  }

  #waiting(typed: string): DeviceAuthorizationResponse | null {
    const { grants, ground } = this.#house;
    return grants.waiting(this.#rules.normalise(typed), ground.now());
  }

  #approve(grant: DeviceAuthorizationResponse, localpart: string): boolean {
    const exists = this.#house.ground.users.includes(localpart);
    if (!exists || this.#rules.refusal(grant) !== null) return false;
    grant.decision = { kind: 'approved', localpart };
    return true;
  }

  #deny(grant: DeviceAuthorizationResponse): void {
    if (this.#rules.remembersDenial) grant.decision = { kind: 'denied' };
  }

  #askForCode(typed: string, problem: string | null): Answer {
    const { parameter, codeLength, path } = this.#rules;
    const server = this.#house.ground.serverName;
    const action = `${this.#basePath()}${path}`;
    return html(200, codePage({ server, action, parameter, codeLength, typed, problem }));
  }

  #enter(typed: string): Answer {
    const grant = this.#waiting(typed);
    if (grant === null) return this.#askForCode(typed, unknownCode);
    return empty(303, { location: `${this.#basePath()}/device/${grant.id}` });
  }

  #askForConsent(asked: Asked, id: string): Answer {
    const server = this.#house.ground.serverName;
    const grant = this.#house.grants.byId(id);
    if (grant === null || this.#house.ground.now() >= grant.expiresAt) {
      return html(this.#rules.goneStatus, resultPage({ server, outcome: 'expired' }));
    }
    switch (grant.decision.kind) {
      case 'approved':
      case 'redeemed':
        return html(200, resultPage({ server, outcome: 'approved' }));
      case 'denied':
        return html(200, resultPage({ server, outcome: 'declined' }));
      case 'pending':
        break;
    }
    const why = this.#rules.refusal(grant);
    if (why !== null) return html(200, resultPage({ server, outcome: 'refused', why }));
    if (asked.method === 'POST') return this.#decide(grant, readForm(asked));
    return html(200, consentPage(this.#consentOf(grant)));
  }

  #decide(grant: DeviceAuthorizationResponse, form: URLSearchParams | null): Answer {
    const { serverName: server, users } = this.#house.ground;
    const action = form?.get('action');
    if (action === 'reject' || action === 'deny') {
      this.#deny(grant);
      return html(200, resultPage({ server, outcome: 'declined' }));
    }
    if (this.#rules.wantsConfirmation && form?.get('confirm_device') !== 'on') {
      return html(500, resultPage({ server, outcome: 'failed', why: 'confirm_device is missing' }));
    }
    if (!this.#approve(grant, form?.get('user') ?? users[0] ?? '')) {
      return html(400, resultPage({ server, outcome: 'failed', why: 'There is no such person.' }));
    }
    return html(200, resultPage({ server, outcome: 'approved' }));
  }

  #consentOf(grant: DeviceAuthorizationResponse): Consent {
    const { clients, ground } = this.#house;
    const client = clients.get(grant.clientId);
    return {
      server: ground.serverName,
      clientName: (client === null ? null : textOf(client, 'client_name')) ?? grant.clientId,
      clientUri: client === null ? null : textOf(client, 'client_uri'),
      device: deviceName(grant.userAgent),
      ipAddress: grant.ipAddress,
      userCode: this.#rules.format(grant.userCode),
      users: ground.users,
      wantsConfirmation: this.#rules.wantsConfirmation,
    };
  }

  #basePath(): string {
    return new URL(this.#house.ground.base).pathname.replace(/\/$/, '');
  }
}
