import type { AuthServer } from '../../protocol/discovery/server-metadata.ts';
import { newDeviceId } from '../../protocol/oauth/scopes.ts';
import type { DeviceAuthorizationResponse } from '../../protocol/oauth/device-authorization.ts';
import { requestDeviceAuthorization } from '../../protocol/oauth/device-authorization.ts';
import { discover } from '../../protocol/discovery/discover.ts';
import type { Failure } from '../../../common/failure.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import { register } from '../../protocol/oauth/registration.ts';
import type { MonotonicMs } from '../account.ts';
import type { LoginPlan, LoginState } from './login-state.ts';
import type { Deps } from '../ports.ts';

/** A device code to show, with its server and client. `deadline`: when the code expires. */
export type RequestedCode = Readonly<{
  server: AuthServer;
  client: Readonly<{ clientId: string; metadataHash: string; registeredAt: number }>;
  grant: DeviceAuthorizationResponse;
  deadline: MonotonicMs;
}>;

/**
 * The first three steps: discovery, client registration, device authorization. Registers a client for
 * every sign-in, as the spec recommends. Retries once if the server does not know the client or the
 * metadata were outdated. The lifetime of the code counts from when the request was sent.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#device-authorization-flow Matrix 1.18, device authorization flow}
 */
export async function requestCode(
  plan: LoginPlan,
  deps: Deps,
  signal: AbortSignal,
  enter: (state: LoginState) => void,
): Promise<Result<RequestedCode, Failure>> {
  const first = await requestCodeOnce(plan, deps, signal, enter);
  if (first.ok || !isStale(first.failure)) return first;
  return requestCodeOnce(plan, deps, signal, enter, unsupported);
}

async function requestCodeOnce(
  plan: LoginPlan,
  { network, clock, random }: Deps,
  signal: AbortSignal,
  enter: (state: LoginState) => void,
  meaningOf = (failure: Failure, _server: AuthServer) => failure,
): Promise<Result<RequestedCode, Failure>> {
  enter({ step: 'discovering' });
  const found = await discover(plan.typed, network);
  signal.throwIfAborted();
  if (!found.ok) return found;
  const { server } = found.value;
  enter({ step: 'registering', server });
  const registered = await register(server, plan.client, network);
  signal.throwIfAborted();
  if (!registered.ok) return registered;
  const client = { ...registered.value, registeredAt: clock.now() };
  enter({ step: 'requesting-code', server, clientId: client.clientId });
  const deviceId = newDeviceId((n) => random.bytes(n));
  const askedAt = clock.monotonicNow();
  const grant = await requestDeviceAuthorization(server, client.clientId, deviceId, network);
  signal.throwIfAborted();
  if (!grant.ok) return err(meaningOf(grant.failure, server));
  return ok({ server, client, grant: grant.value, deadline: askedAt + grant.value.lifetimeMs });
}

/** The endpoint from fresh metadata is gone: the server does not support device authorization after all. */
function unsupported(failure: Failure, { issuer }: AuthServer): Failure {
  return failure.code === 'endpoint-gone' ? { code: 'device-grant-unsupported', issuer } : failure;
}

function isStale(failure: Failure): boolean {
  if (failure.code === 'endpoint-gone') return true;
  if (failure.code !== 'device-request-refused') return false;
  return failure.error === 'invalid_client' || failure.error === 'invalid_request';
}
