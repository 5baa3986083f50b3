import type { Answer } from '../http/scripted-network.ts';
import { json, scriptedNetwork } from '../http/scripted-network.ts';

export const V1 = '/_matrix/client/v1/auth_metadata';
export const UNSTABLE = '/_matrix/client/unstable/org.matrix.msc2965/auth_metadata';
export const ISSUER = '/_matrix/client/unstable/org.matrix.msc2965/auth_issuer';
export const DOCUMENT = '/.well-known/openid-configuration';
export const LOGIN = '/_matrix/client/v3/login';

export const issuer = 'https://auth.example/';
export const document = {
  issuer,
  registration_endpoint: 'https://auth.example/oauth2/registration',
  device_authorization_endpoint: 'https://auth.example/oauth2/device',
  token_endpoint: 'https://auth.example/oauth2/token',
};

export const server = {
  homeserver: 'https://hs.example',
  issuer,
  registrationEndpoint: new URL('https://auth.example/oauth2/registration'),
  deviceAuthorizationEndpoint: new URL('https://auth.example/oauth2/device'),
  tokenEndpoint: new URL('https://auth.example/oauth2/token'),
  revocationEndpoint: null,
  accountManagementUri: null,
  accountManagementActions: [],
  metadata: document,
};

export const notHere = json({ errcode: 'M_UNRECOGNIZED', error: 'Unrecognized request' }, 404);

/** A homeserver that responds by path; 404 for any other. */
export function serving(paths: Record<string, Answer>) {
  const byPath: Answer = (asked) => (paths[new URL(asked.url).pathname] ?? notHere)(asked);
  const { network, asked } = scriptedNetwork({
    'well-known': byPath,
    versions: byPath,
    'auth-metadata': byPath,
    'login-flows': byPath,
  });
  return { network, paths: () => asked.map(({ url }) => url.replace('https://hs.example', '')) };
}
