import type { Failure } from '../../../common/failure.ts';
import { isTransient } from '../../../common/failure.ts';
import { proveRevoked, revoke } from '../../protocol/oauth/revocation.ts';
import type { Tokens } from '../account.ts';
import { endOfSession, refreshInDoubt, tokensOf } from '../account.ts';
import type { ManagedAccount } from '../managed-account.ts';
import type { Deps } from '../ports.ts';

/**
 * How far a sign-out got.
 * - `refused`: the old tokens are rejected: the session is gone.
 * - `pending`: revoked, but the homeserver still accepts the old access token (from its cache).
 * - `queued`: the server could not be reached; will be retried.
 * - `unconfirmed`: the server did not end the session; all we can do is forget the tokens.
 */
export type SignOutProgress = 'refused' | 'pending' | 'queued' | 'unconfirmed';

/** Homeservers cache token introspection for up to two minutes. Longer, and the revocation had no effect. */
const CACHE_MS = 150_000;

/**
 * Ends a session on the server and verifies it, as far as possible now. Called again when due.
 *
 * The newest refresh token has to be revoked: servers answer the revocation of an outdated token with
 * success, but do nothing. So if a refresh is in doubt, refreshes first.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009.html#section-2 RFC 7009 §2}
 */
export async function endSession(managed: ManagedAccount, deps: Deps): Promise<SignOutProgress> {
  await managed.settled();
  if (refreshInDoubt(managed.account)) {
    const refreshed = await managed.refresh();
    // A permanent failure: the newest tokens are out of reach for good, so no answer to the old ones
    // proves anything.
    if (!refreshed.ok)
      return isTransient(refreshed.failure) ? postpone(managed, refreshed.failure) : 'unconfirmed';
  }
  const { state, session } = managed.account;
  if (state.kind !== 'signing-out') return 'refused';
  if (state.revokedAt === null) {
    const { server, clientId } = session;
    const revoked = await revoke(server, clientId, state.tokens.refresh, deps.network);
    if (!revoked.ok && isTransient(revoked.failure)) return postpone(managed, revoked.failure);
    if (revoked.ok) await noteRevoked(managed, deps);
  }
  return proveEnd(managed, deps);
}

async function noteRevoked(managed: ManagedAccount, deps: Deps): Promise<void> {
  managed.apply({ kind: 'revoked', at: deps.clock.now() });
  const saved = await managed.saveOrRetry();
  if (!saved.ok) deps.log.warn('the revocation is not on disk yet', { code: saved.failure.code });
}

async function proveEnd(managed: ManagedAccount, deps: Deps): Promise<SignOutProgress> {
  const { state, session } = managed.account;
  const tokens = tokensOf(managed.account);
  if (state.kind !== 'signing-out' || tokens === null) return 'refused';
  const { homeserver } = session.server;
  const accepted = isAlive(tokens, deps)
    ? await proveRevoked(homeserver, tokens.access, deps.network)
    : await tryRefresh(managed);
  if (accepted === 'refused') return 'refused';
  if (state.revokedAt === null) return 'unconfirmed';
  if (accepted === 'accepted' && deps.clock.now() - state.revokedAt > CACHE_MS)
    managed.apply({ kind: 'revocation-void' });
  postpone(managed, { code: 'revocation-unconfirmed', host: new URL(homeserver).host });
  return 'pending';
}

/** An expired access token is rejected anyway, which proves nothing: the refresh token has to be rejected. */
async function tryRefresh(managed: ManagedAccount): Promise<'refused' | 'accepted' | 'unknown'> {
  const refreshed = await managed.refresh();
  if (refreshed.ok) {
    managed.apply({ kind: 'revocation-void' });
    return 'accepted';
  }
  return endOfSession(refreshed.failure) === null ? 'unknown' : 'refused';
}

function isAlive({ expires }: Tokens, { clock }: Deps): boolean {
  return expires === null || expires > clock.monotonicNow();
}

/** A failed write is reported first: until it succeeds, a restart would forget the sign-out. */
function postpone(managed: ManagedAccount, failure: Failure): 'queued' {
  const told = managed.account.pendingWrite?.failure ?? failure;
  managed.apply({ kind: 'sign-out-failed', failure: told, retryAt: managed.nextRetryAt(failure) });
  return 'queued';
}
