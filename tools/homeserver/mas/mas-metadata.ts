import { deviceCodeGrant } from '../family.ts';
import type { Endpoints, ServerContext } from '../personality.ts';

/** MAS's paths, on the host of MAS. */
export const masPaths: Endpoints = {
  registration: '/oauth2/registration',
  deviceAuthorization: '/oauth2/device',
  token: '/oauth2/token',
  revocation: '/oauth2/revoke',
};

/** MAS's metadata. With the device grant disabled, its endpoint and name are left out. */
export function masMetadata({ base, deviceGrant }: ServerContext): Record<string, unknown> {
  const device = deviceGrant
    ? { device_authorization_endpoint: `${base}${masPaths.deviceAuthorization}` }
    : {};
  return {
    issuer: `${base}/`,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}${masPaths.token}`,
    jwks_uri: `${base}/oauth2/keys.json`,
    registration_endpoint: `${base}${masPaths.registration}`,
    introspection_endpoint: `${base}/oauth2/introspect`,
    revocation_endpoint: `${base}${masPaths.revocation}`,
    userinfo_endpoint: `${base}/oauth2/userinfo`,
    ...device,
    scopes_supported: ['openid', 'email'],
    response_types_supported: ['code', 'id_token', 'code id_token'],
    response_modes_supported: ['form_post', 'query', 'fragment'],
    grant_types_supported: [
      'authorization_code',
      'refresh_token',
      'client_credentials',
      ...(deviceGrant ? [deviceCodeGrant] : []),
    ],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'none'],
    code_challenge_methods_supported: ['plain', 'S256'],
    subject_types_supported: ['public'],
    prompt_values_supported: ['none', 'login', 'create'],
    account_management_uri: `${base}/account/`,
    account_management_actions_supported: [
      'org.matrix.profile',
      'org.matrix.devices_list',
      'org.matrix.device_view',
      'org.matrix.device_delete',
      'org.matrix.cross_signing_reset',
      'org.matrix.sessions_list',
      'org.matrix.session_view',
      'org.matrix.session_end',
    ],
    'org.matrix.matrix-authentication-service.graphql_endpoint': `${base}/graphql`,
  };
}
