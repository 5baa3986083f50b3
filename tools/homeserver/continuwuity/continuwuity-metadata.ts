import { deviceCodeGrant } from '../family.ts';
import type { Endpoints, ServerContext } from '../personality.ts';

/** Continuwuity's paths, on the host of the homeserver. */
export const continuwuityPaths: Endpoints = {
  registration: '/_continuwuity/oauth2/client/register',
  deviceAuthorization: '/_continuwuity/oauth2/device',
  token: '/_continuwuity/oauth2/grant/token',
  revocation: '/_continuwuity/oauth2/client/revoke',
};

/** The page where the user types the code. */
export const devicePage = '/_continuwuity/oauth2/grant/device_code';

/** Continuwuity's metadata. */
export function continuwuityMetadata({
  base,
  deviceGrant,
}: ServerContext): Record<string, unknown> {
  const device = deviceGrant
    ? { device_authorization_endpoint: `${base}${continuwuityPaths.deviceAuthorization}` }
    : {};
  return {
    account_management_uri: `${base}/_continuwuity/account/deeplink`,
    account_management_actions_supported: [
      'org.matrix.account_deactivate',
      'org.matrix.cross_signing_reset',
      'org.matrix.device_delete',
      'org.matrix.device_view',
      'org.matrix.devices_list',
      'org.matrix.profile',
    ],
    authorization_endpoint: `${base}/_continuwuity/oauth2/grant/authorization_code`,
    code_challenge_methods_supported: ['S256'],
    ...device,
    grant_types_supported: [
      'authorization_code',
      'refresh_token',
      ...(deviceGrant ? [deviceCodeGrant] : []),
    ],
    issuer: `${base}/`,
    jwks_uri: `${base}/_continuwuity/oauth2/client/keys.json`,
    prompt_values_supported: ['create'],
    registration_endpoint: `${base}${continuwuityPaths.registration}`,
    response_modes_supported: ['query', 'fragment'],
    response_types_supported: ['code'],
    revocation_endpoint: `${base}${continuwuityPaths.revocation}`,
    token_endpoint: `${base}${continuwuityPaths.token}`,
  };
}
