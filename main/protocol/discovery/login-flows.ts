import { readFields, readJson } from '../fields.ts';
import { catchNetworkError } from '../http/network-error.ts';
import type { Network } from '../http/network.ts';
import { ok } from '../../../common/result.ts';
import { apiUrl } from '../../../common/urls.ts';

/** How to sign in at a homeserver without OAuth metadata. */
export type LegacyLogin =
  | 'password'
  | 'sso'
  | 'unknown'
  /** The server does support OAuth, so its metadata is unreachable. */
  | 'oauth';

/**
 * GET login flows of a homeserver without OAuth metadata. Only used to describe the failure, so any
 * error here is `unknown`.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#get_matrixclientv3login Matrix 1.18, GET login}
 */
export async function fetchLoginFlows(homeserver: string, network: Network): Promise<LegacyLogin> {
  const url = apiUrl(homeserver, '/_matrix/client/v3/login');
  const sent = await catchNetworkError(() => network('login-flows', url));
  return sent.ok && sent.value.status === 200
    ? readLoginFlows(await readJson(sent.value))
    : 'unknown';
}

/**
 * Reads the response to {@link fetchLoginFlows}.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#oauth-20-aware-clients Matrix 1.18, OAuth 2.0 aware clients}
 */
function readLoginFlows(body: unknown): LegacyLogin {
  const read = readFields('', body, (fields) => {
    const flows = fields.objects('flows');
    const types = flows.map((flow) => flow.text('type'));
    const delegated = flows.some(
      (flow) =>
        flow.isTrue('oauth_aware_preferred') ||
        flow.isTrue('org.matrix.msc3824.delegated_oidc_compatibility'),
    );
    if (delegated) return ok<LegacyLogin>('oauth');
    if (types.includes('m.login.password')) return ok<LegacyLogin>('password');
    const sso = types.includes('m.login.sso') || types.includes('m.login.cas');
    return ok<LegacyLogin>(sso ? 'sso' : 'unknown');
  });
  return read.ok ? read.value : 'unknown';
}
