import type {
  AccountSnapshot,
  AccountStateSnapshot,
  AppSnapshot,
  LoginSnapshot,
  NoticeSnapshot,
} from '../../common/snapshots.ts';
import type { CheckReport, HandOut, SignOutReport } from '../engine/engine-api.ts';
import { proofText, stateText } from '../../common/account-text.ts';

/** A JSON object to send. */
export type WireObject = Readonly<Record<string, unknown>>;

/** Epoch milliseconds as RFC 3339; null stays null. */
export function wireTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** Whole seconds from `now` until `at`, rounded down and never negative; null stays null. */
export function wireSecondsUntil(at: number | null, now: number): number | null {
  return at === null ? null : Math.max(0, Math.floor((at - now) / 1_000));
}

/** An account in the agent API. `now` in epoch milliseconds. */
export function wireAccount(account: AccountSnapshot, now: number): WireObject {
  const expiresAt = expiryOf(account.state);
  return {
    id: account.id,
    label: account.label,
    user_id: account.userId,
    display_name: account.displayName,
    device_id: account.deviceId,
    homeserver_url: account.homeserver,
    issuer: account.issuer,
    scopes: account.scope,
    added_at: wireTime(account.addedAt),
    policy: account.policy,
    account_page: account.accountPage,
    expires_at: wireTime(expiresAt),
    expires_in_s: wireSecondsUntil(expiresAt, now),
    held_by: leasesOf(account.state).map(({ consumer, untilAt }) => ({
      for: consumer,
      until: wireTime(untilAt),
      until_in_s: wireSecondsUntil(untilAt, now),
    })),
    state: wireState(account.state, now),
  };
}

/** A snapshot: a line of `GET /v1/events`. */
export function wireSnapshot(snapshot: AppSnapshot): WireObject {
  const now = snapshot.madeAt;
  return {
    revision: snapshot.revision,
    made_at: wireTime(now),
    protection: snapshot.vault.protection,
    warnings: snapshot.vault.warnings.map(wireNotice),
    accounts: snapshot.accounts.map((account) => wireAccount(account, now)),
    logins: snapshot.logins.map(wireLogin),
  };
}

/** The response to `POST .../check`. */
export function wireCheck(report: CheckReport, now: number): WireObject {
  return {
    account: wireAccount(report.account, now),
    user_id: report.userId,
    device_id: report.deviceId,
    scopes: report.account.scope,
    versions: report.versions,
    device_grant: report.deviceGrant,
    clock_skew_s: report.clockSkewMs === null ? null : report.clockSkewMs / 1_000,
  };
}

/** The response to `DELETE /v1/accounts/...`. */
export function wireSignOut(report: SignOutReport): WireObject {
  return {
    label: report.label,
    user_id: report.userId,
    proof: report.proof,
    text: proofText(report.proof),
    account_page: report.accountPage,
  };
}

/** An entry of the access log. */
export function wireHandOut(handOut: HandOut): WireObject {
  return {
    at: wireTime(handOut.at),
    account: handOut.label,
    user_id: handOut.userId,
    for: handOut.consumer,
    until: wireTime(handOut.untilAt),
  };
}

/** A failure or a warning, with its texts. */
export function wireNotice(notice: NoticeSnapshot): WireObject {
  return { code: notice.code, message: notice.message, hint: notice.hint };
}

function wireLogin(login: LoginSnapshot): WireObject {
  return { login: login.id, typed: login.typed, label: login.label, step: login.state.step };
}

function wireState(state: AccountStateSnapshot, now: number): WireObject {
  const notice = 'notice' in state && state.notice !== null ? wireNotice(state.notice) : null;
  const retryAt = 'retryAt' in state ? state.retryAt : null;
  return {
    kind: state.kind,
    text: stateText(state, now),
    notice,
    retry_at: wireTime(retryAt),
    retry_in_s: wireSecondsUntil(retryAt, now),
  };
}

function expiryOf(state: AccountStateSnapshot): number | null {
  return 'expiresAt' in state ? state.expiresAt : null;
}

function leasesOf(state: AccountStateSnapshot) {
  return state.kind === 'active' ? state.heldBy : [];
}
