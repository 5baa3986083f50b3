import { toStored } from '../../../main/accounts/record-codec.ts';
import type { StoredAccount } from '../../../main/accounts/record.ts';
import { NetworkError } from '../../../main/protocol/http/network-error.ts';
import { Secret } from '../../../main/protocol/secret.ts';
import { account, session, tokens } from '../../fixtures/world.ts';
import type { Ending } from './acts.ts';
import type { Request } from './pending.ts';
import type { Verdict } from './server.ts';
import { LIFETIME_MS } from './server.ts';

/** The id and the label of an account, by its number. */
export function idOf(who: number): string {
  return `account-${who}`;
}

/** An account as first stored in the vault, with the server's first pair. Account 1 has no known user. */
export function firstRecord(who: number): StoredAccount {
  const pair = { ...tokens(1), expires: LIFETIME_MS, lifetimeMs: LIFETIME_MS };
  const named = `A1-${who}`;
  const state = { kind: 'active', tokens: { ...pair, access: new Secret(named) } } as const;
  const homeserver = `https://matrix${who}.example.org`;
  const clientId = String(who);
  const userId = who === 1 ? null : `@user${who}:example.org`;
  const bound = session({ clientId, userId, server: { ...session().server, homeserver } });
  return toStored(account(state, { id: idOf(who), label: idOf(who), session: bound }));
}

/**
 * Whether tokens may have been issued without reaching the client. A proxy's page counts at any status,
 * as the proxy may have forwarded the request first.
 */
export function isLost(how: Ending): boolean {
  return (
    how.startsWith('lost') || how === 'garbled-after' || how === 'gateway-after' || how === 'portal'
  );
}

/** Ends a request. `taken`: whether the homeserver accepts the access token; null: it was a refresh. */
export function finish(
  request: Request,
  how: Ending,
  verdict: Verdict | null,
  taken: boolean | null = null,
): void {
  const answered = how === 'answered' && taken !== null;
  const end = answered ? homeserverSays(taken, request.who) : endOf(how, verdict);
  if (end instanceof Error) request.fail(end);
  else request.answer(end);
}

function endOf(how: Ending, verdict: Verdict | null): Response | Error {
  const host = 'auth.example.org';
  switch (how) {
    case 'answered':
      return verdict === null ? html(500) : answerOf(verdict);
    case 'garbled-after':
      return html(200);
    case 'gateway-after':
      return html(502);
    case 'lost-before':
    case 'lost-after':
      return new NetworkError({ code: 'unreachable', host, why: 'reset' });
    case 'offline':
      return new NetworkError({ code: 'unreachable', host, why: 'offline' });
    case 'unavailable':
      return html(503);
    case 'asked-to-wait':
      return new Response('{}', { status: 429, headers: { 'retry-after': '90' } });
    case 'portal':
      return html(403);
  }
}

function homeserverSays(taken: boolean, who: number): Response {
  if (!taken) return json({ errcode: 'M_UNKNOWN_TOKEN', error: 'No' }, 401);
  return json({ user_id: `@user${who}:example.org`, device_id: 'DEVICE0001' });
}

function answerOf(verdict: Verdict): Response {
  if (verdict.kind === 'refused') return json({ error: verdict.error }, 400);
  const { access, refresh } = verdict;
  return json({
    access_token: access,
    refresh_token: refresh,
    token_type: 'Bearer',
    expires_in: LIFETIME_MS / 1_000,
  });
}

function json(body: unknown, status = 200): Response {
  const headers = { 'content-type': 'application/json' };
  return new Response(JSON.stringify(body), { status, headers });
}

function html(status: number): Response {
  return new Response('<html>', { status, headers: { 'content-type': 'text/html' } });
}
