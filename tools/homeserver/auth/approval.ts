import { empty, html } from '../responses.ts';
import { textOf } from './clients.ts';
import { deviceName } from './device-name.ts';
import { readForm } from './forms.ts';
import type { DeviceCodeGrant } from './grants.ts';
import type { Database } from '../database.ts';
import { codePage, consentPage, resultPage } from './pages.ts';
import type { Consent } from './pages.ts';
import type { HttpResponse, HttpRequest } from '../personality.ts';

/** How the families differ in approving a code. */
export type ApprovalRules = Readonly<{
  /** The path of `verification_uri`. `/link` leads to the same page everywhere. */
  path: string;
  /** The query member that carries the code in `verification_uri_complete`. */
  parameter: 'code' | 'user_code';
  /** The maximum length of the code field. */
  codeLength: number;
  /** From the typed form to the stored form. */
  normalise: (typed: string) => string;
  /** From the stored form to the displayed form. */
  format: (userCode: string) => string;
  /** Why the server forbids approving this grant; null: it is allowed. */
  refusal: (grant: DeviceCodeGrant) => string | null;
  /**
   * Whether the user must tick that the device is theirs, and the response to a form without it.
   */
  wantsConfirmation: boolean;
  /** The status when a grant expires between two pages. */
  goneStatus: number;
  /** False: a declined grant stays pending. */
  remembersDenial: boolean;
}>;

const unknownCode = 'This code is not known. It may have run out: ask your device for a new one.';

/** Approves codes: on a page, or by a call that does the same without a browser. */
export class Approval {
  readonly #database: Database;
  readonly #rules: ApprovalRules;

  constructor(database: Database, rules: ApprovalRules) {
    this.#database = database;
    this.#rules = rules;
  }

  /** Answers the approval pages; null: another path. */
  answer(asked: HttpRequest): HttpResponse | null {
    const { pathname, searchParams } = asked.url;
    if (pathname === this.#rules.path || pathname === '/link') {
      const fields = asked.method === 'POST' ? readForm(asked) : searchParams;
      const typed = fields?.get('code') ?? fields?.get('user_code') ?? null;
      return typed === null ? this.#askForCode('', null) : this.#enter(typed);
    }
    const id = /^\/device\/([0-9A-Z]+)$/.exec(pathname)?.[1];
    return id === undefined ? null : this.#askForConsent(asked, id);
  }

  /** False: no such code is pending, the user doesn't exist, or the server forbids it. */
  approve(userCode: string, localpart: string): boolean {
    const grant = this.#waiting(userCode);
    return grant !== null && this.#approve(grant, localpart);
  }

  /** False: no such code is pending. */
  deny(userCode: string): boolean {
    const grant = this.#waiting(userCode);
    if (grant !== null) this.#deny(grant);
    return grant !== null;
  }

  #waiting(typed: string): DeviceCodeGrant | null {
    const { grants, context } = this.#database;
    return grants.waiting(this.#rules.normalise(typed), context.now());
  }

  #approve(grant: DeviceCodeGrant, localpart: string): boolean {
    const exists = this.#database.context.users.includes(localpart);
    if (!exists || this.#rules.refusal(grant) !== null) return false;
    grant.decision = { kind: 'approved', localpart };
    return true;
  }

  #deny(grant: DeviceCodeGrant): void {
    if (this.#rules.remembersDenial) grant.decision = { kind: 'denied' };
  }

  #askForCode(typed: string, problem: string | null): HttpResponse {
    const { parameter, codeLength, path } = this.#rules;
    const server = this.#database.context.serverName;
    const action = `${this.#basePath()}${path}`;
    return html(200, codePage({ server, action, parameter, codeLength, typed, problem }));
  }

  #enter(typed: string): HttpResponse {
    const grant = this.#waiting(typed);
    if (grant === null) return this.#askForCode(typed, unknownCode);
    return empty(303, { location: `${this.#basePath()}/device/${grant.id}` });
  }

  #askForConsent(asked: HttpRequest, id: string): HttpResponse {
    const server = this.#database.context.serverName;
    const grant = this.#database.grants.byId(id);
    if (grant === null || this.#database.context.now() >= grant.expiresAt) {
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

  #decide(grant: DeviceCodeGrant, form: URLSearchParams | null): HttpResponse {
    const { serverName: server, users } = this.#database.context;
    const action = form?.get('action');
    if (action === 'reject' || action === 'deny') {
      this.#deny(grant);
      return html(200, resultPage({ server, outcome: 'declined' }));
    }
    if (this.#rules.wantsConfirmation && form?.get('confirm_device') !== 'on') {
      return html(500, resultPage({ server, outcome: 'failed', why: 'confirm_device is missing' }));
    }
    if (!this.#approve(grant, form?.get('user') ?? users[0] ?? '')) {
      return html(400, resultPage({ server, outcome: 'failed', why: 'Unknown user.' }));
    }
    return html(200, resultPage({ server, outcome: 'approved' }));
  }

  #consentOf(grant: DeviceCodeGrant): Consent {
    const { clients, context } = this.#database;
    const client = clients.get(grant.clientId);
    return {
      server: context.serverName,
      clientName: (client === null ? null : textOf(client, 'client_name')) ?? grant.clientId,
      clientUri: client === null ? null : textOf(client, 'client_uri'),
      device: deviceName(grant.userAgent),
      ipAddress: grant.ipAddress,
      userCode: this.#rules.format(grant.userCode),
      users: context.users,
      wantsConfirmation: this.#rules.wantsConfirmation,
    };
  }

  #basePath(): string {
    return new URL(this.#database.context.base).pathname.replace(/\/$/, '');
  }
}
