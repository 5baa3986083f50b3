import { deviceCodeGrant } from '../family.ts';
import type { Endpoints, ServerContext } from '../personality.ts';

/** Tuwunel's paths, on the host of the homeserver. */
export const tuwunelPaths: Endpoints = {
  registration: '/_tuwunel/oidc/registration',
  deviceAuthorization: '/_tuwunel/oidc/device_authorization',
  token: '/_tuwunel/oidc/token',
  revocation: '/_tuwunel/oidc/revoke',
};

/** Tuwunel's metadata. */
export function tuwunelMetadata({ base, deviceGrant }: ServerContext): Record<string, unknown> {
  const device = deviceGrant
    ? { device_authorization_endpoint: `${base}${tuwunelPaths.deviceAuthorization}` }
    : {};
  return {
    issuer: `${base}/`,
    authorization_endpoint: `${base}/_tuwunel/oidc/authorize`,
    token_endpoint: `${base}${tuwunelPaths.token}`,
    ...device,
    registration_endpoint: `${base}${tuwunelPaths.registration}`,
    revocation_endpoint: `${base}${tuwunelPaths.revocation}`,
    jwks_uri: `${base}/_tuwunel/oidc/jwks`,
    userinfo_endpoint: `${base}/_tuwunel/oidc/userinfo`,
    account_management_uri: `${base}/_tuwunel/oidc/account`,
    account_management_actions_supported: [
      'org.matrix.profile',
      'org.matrix.devices_list',
      'org.matrix.device_view',
      'org.matrix.device_delete',
      'org.matrix.cross_signing_reset',
    ],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment'],
    grant_types_supported: [
      'authorization_code',
      'refresh_token',
      ...(deviceGrant ? [deviceCodeGrant] : []),
    ],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
    scopes_supported: [
      'openid',
      'urn:matrix:client:api:*',
      'urn:matrix:org.matrix.msc2967.client:api:*',
      'urn:matrix:client:device:*',
      'urn:matrix:org.matrix.msc2967.client:device:*',
    ],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    prompt_values_supported: [],
    claim_types_supported: ['normal'],
    claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'nonce'],
  };
}
