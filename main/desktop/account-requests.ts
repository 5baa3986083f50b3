import type { CheckFact, CopyFormat, Reply } from '../../preload/contract.ts';
import type { AccountSnapshot, LoginSnapshot } from '../../common/snapshots.ts';
import type { TokenFormat } from '../agent/token-formats.ts';
import { DEFAULT_VARIABLE, formatToken } from '../agent/token-formats.ts';
import type { CheckReport } from '../engine/engine-api.ts';
import { proofText } from '../../common/account-text.ts';
import { clockSkewText, MINUTE } from '../../common/time.ts';
import { toTokenJson } from '../agent/token-json.ts';
import type { Failure } from '../../common/failure.ts';
import type { Result } from '../../common/result.ts';
import type { Desktop } from './desktop.ts';
import { DONE, failed, refused } from './desktop.ts';
import { notice } from './notices.ts';

/** Minimum validity of a copied token, so that it is still valid when pasted. */
const COPIED_MIN_VALID_MS = MINUTE;

/** The consumer that a copied token is leased to. */
const CLIPBOARD = 'Clipboard';

const FORMATS: Readonly<Record<CopyFormat, TokenFormat>> = {
  token: { kind: 'token' },
  header: { kind: 'header' },
  env: { kind: 'env', name: DEFAULT_VARIABLE },
  curl: { kind: 'curl' },
  json: { kind: 'json' },
};

const UNKNOWN = refused(notice('account-unknown'));

/** Copies an account's token to the clipboard. The reply holds its expiry, never the token. */
export async function copyToken(
  desktop: Desktop,
  accountId: string,
  format: CopyFormat,
): Promise<Reply<Readonly<{ untilAt: number | null }>>> {
  const account = accountOf(desktop, accountId);
  if (account === null) return UNKNOWN;
  const { label } = account;
  const wish = { minValidMs: COPIED_MIN_VALID_MS, consumer: CLIPBOARD };
  const handed = await desktop.engine.tokenFor(label, wish);
  if (!handed.ok) return failed(handed.failure);
  const text = formatToken(FORMATS[format], toTokenJson(handed.value));
  const { clipboardMs } = desktop.settings;
  const forMs = clipboardMs === 0 ? null : clipboardMs;
  const copied = await desktop.copy({ what: `token for ${label}`, text, forMs });
  return copied.ok ? { ok: true, value: { untilAt: handed.value.expiresAt } } : copied;
}

export async function refreshAccount(desktop: Desktop, accountId: string): Promise<Reply> {
  return onAccount(desktop, accountId, ({ label }) => desktop.engine.refresh(label));
}

/** What the servers say about an account and its token. */
export async function checkAccount(
  desktop: Desktop,
  accountId: string,
): Promise<Reply<readonly CheckFact[]>> {
  const account = accountOf(desktop, accountId);
  if (account === null) return UNKNOWN;
  const checked = await desktop.engine.check(account.label);
  return checked.ok ? { ok: true, value: checkFacts(checked.value) } : failed(checked.failure);
}

export async function updateAccount(
  desktop: Desktop,
  accountId: string,
  wish: Readonly<{ label?: string; policy?: AccountSnapshot['policy'] }>,
): Promise<Reply> {
  return onAccount(desktop, accountId, ({ label }) => desktop.engine.updateAccount(label, wish));
}

/**
 * Ends the session on the server; the reply says whether the end is verified.
 *
 * @param forget removes the account even if the server can't be reached
 */
export async function signOut(
  desktop: Desktop,
  accountId: string,
  forget = false,
): Promise<Reply<Readonly<{ proof: string; isOver: boolean }>>> {
  const account = accountOf(desktop, accountId);
  if (account === null) return UNKNOWN;
  const ended = await desktop.engine.signOut(account.label, forget);
  if (!ended.ok) return failed(ended.failure);
  const { proof } = ended.value;
  const isOver = proof !== 'queued' && proof !== 'unconfirmed';
  return { ok: true, value: { proof: proofText(proof), isOver } };
}

/** Signs a signed-out account in again, under the same label. */
export async function signInAgain(
  desktop: Desktop,
  accountId: string,
): Promise<Reply<LoginSnapshot>> {
  const account = accountOf(desktop, accountId);
  if (account === null) return UNKNOWN;
  const started = await desktop.engine.signInAgain(account.label);
  return started.ok ? started : failed(started.failure);
}

export async function openAccountPage(desktop: Desktop, accountId: string): Promise<Reply> {
  const page = accountOf(desktop, accountId)?.accountPage ?? null;
  return page === null ? UNKNOWN : desktop.open(page);
}

function accountOf(desktop: Desktop, accountId: string): AccountSnapshot | null {
  return desktop.app.accounts.find(({ id }) => id === accountId) ?? null;
}

async function onAccount(
  desktop: Desktop,
  accountId: string,
  act: (account: AccountSnapshot) => Promise<Result<unknown, Failure>>,
): Promise<Reply> {
  const account = accountOf(desktop, accountId);
  if (account === null) return UNKNOWN;
  const done = await act(account);
  return done.ok ? DONE : failed(done.failure);
}

function checkFacts(report: CheckReport): readonly CheckFact[] {
  const { account, clockSkewMs, deviceGrant, deviceId, userId, versions } = report;
  return [
    ['User', userId],
    ['Device', deviceId ?? 'none'],
    ['Scopes', account.scope.join('\n')],
    ['Matrix versions', versions.length === 0 ? 'none listed' : versions.join(', ')],
    ['Device sign-in', deviceGrant ? 'available' : 'not available'],
    ['Clock', clockSkewText(clockSkewMs)],
  ];
}
