import type { Failure } from '../../../common/failure.ts';
import { isTransient } from '../../../common/failure.ts';
import { proveRevoked, revoke } from '../../protocol/oauth/revocation.ts';
import type { Tokens } from '../account.ts';
import { endOfSession, refreshInDoubt, tokensOf } from '../account.ts';
import type { ManagedAccount } from '../managed-account.ts';
import type { Deps } from '../ports.ts';

/**
 * How far the end of a session got.
 * - `refused`: a call with the old tokens was refused: the session is gone.
 * - `pending`: revoked, but the homeserver still takes the old access token (it caches).
 * - `queued`: the server could not be reached; tried again.
 * - `unconfirmed`: the server would not end it: all we can do is forget the tokens.
 */
export type SignOutProgress = 'refused' | 'pending' | 'queued' | 'unconfirmed';

/** A homeserver may cache for two minutes that a token is good. After that, a revocation had no effect. */
const CACHE_MS = 150_000;

/**
 * Ends a session at the server, as far as it gets now, and proves it. Called again when it is due.
 *
 * The newest refresh token is what has to be revoked: revoking an old or expired token is answered
 * with success and does nothing. So if the answer to a refresh may be lost, refresh first.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009.html#section-2 RFC 7009 §2}
 */
export async function endSession(managed: ManagedAccount, deps: Deps): Promise<SignOutProgress> {
  await managed.settled();
  if (refreshInDoubt(managed.account)) {
    const refreshed = await managed.refresh();
    // Any other failure than a passing one: the newest tokens are out of reach for good, so whatever
    // the old ones are answered proves nothing.
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

/** An expired token is refused anyway, which proves nothing: here the refresh token must be refused. */
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

/** A full disk comes first in what the person is told: until it is well, a restart forgets the sign-out. */
function postpone(managed: ManagedAccount, failure: Failure): 'queued' {
  const told = managed.account.pendingWrite?.failure ?? failure;
  managed.apply({ kind: 'sign-out-failed', failure: told, retry: managed.retryAfter(failure) });
  return 'queued';
}
