import type {
  AccountStateSnapshot,
  LeaseSnapshot,
  SignedOutWhy,
  SignOutProof,
} from './snapshots.ts';
import { refreshFailureText } from './refresh-failure-text.ts';
import { unexpected } from './result.ts';
import { durationText, SECOND } from './time.ts';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Formats a moment for people. Takes epoch milliseconds. */
export type MomentText = (at: number, now: number) => string;

/**
 * An account's state as text, for the window and the CLI: `Valid for 4 min 12 s`. The tray's menu uses it
 * where it needs no countdown.
 * `now` is in epoch milliseconds; `momentText` formats moments in the user's time zone.
 */
export function stateText(
  state: AccountStateSnapshot,
  now: number,
  momentText: MomentText = localMoment,
): string {
  switch (state.kind) {
    case 'unverified':
      return 'Signed in, not verified yet';
    case 'active':
      return activeText(state.expiresAt, heldStill(state.heldBy, now), now, momentText);
    case 'refreshing':
      return 'Refreshing';
    case 'unsaved':
      return `${failureText(state)}: can't save the new tokens, so none are handed out`;
    case 'retrying':
      return retryingText(state, now);
    case 'locked':
      return `Locked by the server, ${nextTry(state.retryAt, now)}`;
    case 'signed-out':
      return signedOutText(state.why);
    case 'signing-out':
      return signingOutText(state.revoked, state.retryAt, now);
    default:
      return unexpected(state);
  }
}

/**
 * Whether the account can hand out a token now, perhaps after a refresh. If not, the state's text says
 * why, and no token is offered.
 */
export function canHandOut({ kind }: AccountStateSnapshot): boolean {
  return kind === 'active' || kind === 'refreshing' || kind === 'retrying';
}

type Retrying = Extract<AccountStateSnapshot, { kind: 'retrying' }>;

/**
 * Whether the retry waits until the token expires because a consumer holds it. Nothing is tried before
 * then, so the cause of the last failure may be long gone.
 */
export function isPostponed({ retryAt, expiresAt }: Retrying, now: number): boolean {
  return expiresAt !== null && retryAt === expiresAt && expiresAt > now;
}

/** Why the last refresh failed, at the start of a sentence: `Disk full`. */
export function failureText({
  notice,
}: Extract<AccountStateSnapshot, { kind: 'retrying' | 'unsaved' }>): string {
  const text = refreshFailureText(notice.code);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The end of a sentence about a token that is still valid: ` (last refresh failed: disk full)`. */
export function lastFailureText({ notice }: Retrying): string {
  return ` (last refresh failed: ${refreshFailureText(notice.code)})`;
}

/** How a sign-out ended, as text: what is verified and what isn't. */
export function proofText(proof: SignOutProof): string {
  switch (proof) {
    case 'refused':
      return 'Signed out. Verified: the server rejects the old token.';
    case 'pending':
      return 'Signed out. The server confirmed the end, but may accept the old token for up to two minutes more.';
    case 'queued':
      return "Not signed out on the server yet, because it couldn't be reached. Keyfob hands out no more tokens and keeps retrying.";
    case 'unconfirmed':
      return 'Forgotten here, but the server did not end the session. End it on the account page.';
    case 'already-signed-out':
      return 'Already signed out: there was no session left to end.';
    default:
      return unexpected(proof);
  }
}

/** A moment in the computer's time zone: `14:05` today, `3 Oct 14:05` on another day. */
export function localMoment(at: number, now: number): string {
  const moment = new Date(at);
  const time = `${twoDigits(moment.getHours())}:${twoDigits(moment.getMinutes())}`;
  if (moment.toDateString() === new Date(now).toDateString()) return time;
  return `${moment.getDate()} ${MONTHS[moment.getMonth()] ?? ''} ${time}`;
}

function activeText(
  expiresAt: number | null,
  holders: readonly LeaseSnapshot[],
  now: number,
  momentText: MomentText,
): string {
  const [first, ...others] = holders;
  if (first !== undefined) {
    const until = Math.max(...holders.map(endOf));
    const end = until === Infinity ? '' : ` until ${momentText(until, now)}`;
    return `Held by ${names(first, others)}${end}`;
  }
  if (expiresAt === null) return 'Valid (no expiry given)';
  if (expiresAt <= now) return 'Expired, renews on next use';
  return `Valid for ${durationText(expiresAt - now)}`;
}

function retryingText(state: Retrying, now: number): string {
  const { expiresAt, retryAt } = state;
  if (expiresAt !== null && isPostponed(state, now))
    return `Valid for ${durationText(expiresAt - now)}${lastFailureText(state)}`;
  return `${failureText(state)}, ${nextTry(retryAt, now)}`;
}

/** The last lease of each consumer, without those that have ended. */
function heldStill(leases: readonly LeaseSnapshot[], now: number): readonly LeaseSnapshot[] {
  const latest = new Map<string, LeaseSnapshot>();
  for (const lease of leases) {
    const known = latest.get(lease.consumer);
    const newer = known === undefined || endOf(known) < endOf(lease);
    if (endOf(lease) > now && newer) latest.set(lease.consumer, lease);
  }
  return [...latest.values()];
}

/** A lease without a known end never ends. */
function endOf({ untilAt }: LeaseSnapshot): number {
  return untilAt ?? Infinity;
}

function names(first: LeaseSnapshot, others: readonly LeaseSnapshot[]): string {
  const [second] = others;
  if (second === undefined) return first.consumer;
  if (others.length === 1) return `${first.consumer} and ${second.consumer}`;
  return `${first.consumer} and ${others.length} others`;
}

function signedOutText(why: SignedOutWhy): string {
  switch (why) {
    case 'by-user':
      return 'Signed out';
    case 'ended-by-server':
      return 'Signed out by the server';
    case 'registration-gone':
      return 'Signed out, the server forgot this app';
    case 'unconfirmed':
      return 'Signed out here only, the server did not end the session';
    default:
      return unexpected(why);
  }
}

function signingOutText(revoked: boolean, retryAt: number | null, now: number): string {
  const doing = revoked ? 'Signing out, not verified yet' : 'Signing out';
  return retryAt === null ? doing : `${doing}, ${nextTry(retryAt, now)}`;
}

function nextTry(at: number, now: number): string {
  return at - now < SECOND ? 'retrying now' : `retrying in ${durationText(at - now)}`;
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}
