import { discoverAuthServer } from '../protocol/discovery/discover.ts';
import type { Failure } from '../../common/failure.ts';
import { ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import { isLoopback } from '../../common/urls.ts';
import { fetchVersions } from '../protocol/discovery/versions.ts';
import type { ManagedAccount } from './managed-account.ts';
import type { Deps } from './ports.ts';
import { recheckAccount } from './verify.ts';

/** The result of a server check. */
export type Checked = Readonly<{
  userId: string;
  deviceId: string | null;
  /** Spec versions that the homeserver supports; empty: the request failed. */
  versions: readonly string[];
  /** Whether device sign-in is available. */
  deviceGrant: boolean;
  /**
   * Server clock minus ours, in milliseconds; null: no `Date` header. Only displayed, never used for
   * lifetimes.
   */
  clockSkewMs: number | null;
}>;

/**
 * Asks the homeserver whose token this is, and what it supports. Runs on the user's request, so a
 * rejected token is replaced and a lock is detected (see `recheckAccount`).
 */
export async function checkAccount(
  managed: ManagedAccount,
  deps: Deps,
): Promise<Result<Checked, Failure>> {
  const who = await recheckAccount(managed, deps);
  if (!who.ok) return who;
  const { userId, deviceId, serverDateAt } = who.value;
  const { homeserver } = managed.account.session.server;
  const loopback = isLoopback(new URL(homeserver).hostname);
  const versions = await fetchVersions(homeserver, deps.network);
  const server = await discoverAuthServer(homeserver, null, deps.network, { loopback });
  return ok({
    userId,
    deviceId,
    versions: versions.ok ? versions.value : [],
    deviceGrant: server.ok,
    clockSkewMs: serverDateAt === null ? null : serverDateAt - deps.clock.now(),
  });
}
