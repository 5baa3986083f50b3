import type { TokenResponse } from '../../../main/protocol/oauth/token-response.ts';

/** The scope token for the client-server API. */
export const API = 'urn:matrix:client:api:*';

/** A token response with every field. */
export const FULL = {
  access_token: 'access-1',
  token_type: 'Bearer',
  expires_in: 300,
  refresh_token: 'refresh-1',
  scope: `${API} urn:matrix:client:device:ABCDEFGHIJ`,
};

/** {@link FULL} as read, opened. */
export const GRANT = {
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  lifetimeMs: 300_000,
  scope: [API, 'urn:matrix:client:device:ABCDEFGHIJ'],
};

/** A grant with its secrets in the open, to be compared as a whole. */
export function opened(grant: TokenResponse): unknown {
  const { accessToken, refreshToken } = grant;
  return { ...grant, accessToken: accessToken.reveal(), refreshToken: refreshToken?.reveal() };
}
