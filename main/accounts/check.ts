import { discoverAuthServer } from '../protocol/discovery/discover.ts';
import type { Failure } from '../../common/failure.ts';
import { ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import { isLoopback } from '../../common/urls.ts';
import { fetchVersions } from '../protocol/discovery/versions.ts';
import type { ManagedAccount } from './managed-account.ts';
import type { Deps } from './ports.ts';
import { recheckAccount } from './verify.ts';

/** What an account's servers say just now. */
export type Checked = Readonly<{
  userId: string;
  deviceId: string | null;
  /** Spec versions the homeserver lists; empty: it would not say. */
  versions: readonly string[];
  /** Whether the server offers a device sign-in today. */
  deviceGrant: boolean;
  /** Server's clock minus ours, in milliseconds; null: not said. Only to tell the person, never to reckon by. */
  clockSkewMs: number | null;
}>;

/**
 * Asks the homeserver who this token is, and what it offers. A person asks for this: so a token that
 * is rejected is replaced, and a locked account is found out (see `recheckAccount`).
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
