import { anyOrigin, empty, json, matrixError } from './responses.ts';
import { bearerToken } from './auth/forms.ts';
import type { HttpResponse, HttpRequest, Personality } from './personality.ts';

const unstable = '/_matrix/client/unstable/org.matrix.msc2965';

/** The client-server API paths that are answered here. */
export const paths = {
  wellKnown: '/.well-known/matrix/client',
  openidConfiguration: '/.well-known/openid-configuration',
  versions: '/_matrix/client/versions',
  stableMetadata: '/_matrix/client/v1/auth_metadata',
  unstableMetadata: `${unstable}/auth_metadata`,
  stableIssuer: '/_matrix/client/v1/auth_issuer',
  unstableIssuer: `${unstable}/auth_issuer`,
  login: '/_matrix/client/v3/login',
  whoami: '/_matrix/client/v3/account/whoami',
  profile: '/_matrix/client/v3/profile/',
  joinedRooms: '/_matrix/client/v3/joined_rooms',
} as const;

/**
 * How a homeserver announces its authorization server: as specified now, as Synapse did earlier
 * (only the unstable endpoint, only the issuer, only a key in `.well-known`), or not at all.
 */
export type Discovery = 'stable' | 'unstable' | 'auth-issuer' | 'well-known-key' | 'none';

/** What the Matrix side of a homeserver needs. */
export type MatrixSide = Readonly<{
  personality: Personality;
  base: string;
  serverName: string;
  /** Localparts. */
  users: readonly string[];
  discovery: Discovery;
}>;

/** Answers `.well-known` and the client-server API; null: another path. */
export async function answerMatrix(
  side: MatrixSide,
  asked: HttpRequest,
): Promise<HttpResponse | null> {
  const { pathname } = asked.url;
  const isMatrix = pathname.startsWith('/_matrix/') || pathname.startsWith('/.well-known/');
  if (!isMatrix) return null;
  if (asked.method === 'OPTIONS') return empty(204, anyOrigin);
  if (asked.method !== 'GET') return unrecognised();
  const metadata = answerDiscovery(side, pathname);
  if (metadata !== null) return metadata;
  if (pathname.startsWith(paths.profile)) return profile(side, pathname);
  switch (pathname) {
    case paths.wellKnown:
      return json(200, wellKnown(side), anyOrigin);
    case paths.versions:
      return json(200, { versions: side.personality.versions, unstable_features: {} }, anyOrigin);
    case paths.login:
      return json(200, { flows: loginFlows(side) }, anyOrigin);
    case paths.whoami:
      return withBearer(side, asked, (userId, deviceId) => {
        const device = deviceId === '' ? {} : { device_id: deviceId };
        return json(200, { user_id: userId, ...device, is_guest: false }, anyOrigin);
      });
    case paths.joinedRooms:
      return withBearer(side, asked, () => json(200, { joined_rooms: [] }, anyOrigin));
    default:
      return unrecognised();
  }
}

function unrecognised(): HttpResponse {
  return matrixError(404, 'M_UNRECOGNIZED', 'Unrecognized request');
}

function answerDiscovery(
  { personality, discovery }: MatrixSide,
  pathname: string,
): HttpResponse | null {
  if (!servedPaths(personality, discovery).includes(pathname)) return null;
  const metadata = personality.metadata();
  if (pathname === paths.stableIssuer || pathname === paths.unstableIssuer) {
    return json(200, { issuer: metadata.issuer }, anyOrigin);
  }
  const cached = 'public, max-age=600, s-maxage=3600, stale-while-revalidate=600';
  const caching = personality.name === 'mas' ? { 'cache-control': cached } : {};
  return json(200, metadata, { ...anyOrigin, ...caching });
}

function servedPaths({ name }: Personality, discovery: Discovery): readonly string[] {
  const { openidConfiguration: document, stableMetadata, unstableMetadata } = paths;
  const issuers = {
    mas: [paths.unstableIssuer],
    tuwunel: [paths.stableIssuer, paths.unstableIssuer],
    continuwuity: [],
    'oidc-provider': [],
  }[name];
  switch (discovery) {
    case 'stable':
      return [document, stableMetadata, unstableMetadata, ...issuers];
    case 'unstable':
      return [document, unstableMetadata, paths.unstableIssuer];
    case 'auth-issuer':
      return [document, paths.unstableIssuer];
    case 'well-known-key':
      return [document];
    case 'none':
      return [];
  }
}

function wellKnown({ personality, base, discovery }: MatrixSide): Record<string, unknown> {
  const isSynapse = personality.name === 'mas';
  const homeserver = { base_url: isSynapse ? `${base}/` : base };
  const hasKey = discovery === 'well-known-key' || (isSynapse && discovery !== 'none');
  if (!hasKey) return { 'm.homeserver': homeserver };
  const { issuer, account_management_uri: account } = personality.metadata();
  return {
    'm.homeserver': homeserver,
    'org.matrix.msc2965.authentication': { issuer, account },
  };
}

function loginFlows({ discovery }: MatrixSide): readonly unknown[] {
  if (discovery === 'none') return [{ type: 'm.login.password' }];
  return [
    {
      type: 'm.login.sso',
      oauth_aware_preferred: true,
      'org.matrix.msc3824.delegated_oidc_compatibility': true,
    },
    { type: 'm.login.token' },
  ];
}

function profile({ users, serverName }: MatrixSide, pathname: string): HttpResponse {
  const userId = decodeURIComponent(pathname.slice(paths.profile.length));
  const localpart = users.find((one) => userId === `@${one}:${serverName}`);
  if (localpart === undefined) return matrixError(404, 'M_NOT_FOUND', 'Profile not found');
  const displayname = localpart.charAt(0).toUpperCase() + localpart.slice(1);
  return json(200, { displayname }, anyOrigin);
}

async function withBearer(
  { personality }: MatrixSide,
  asked: HttpRequest,
  answer: (userId: string, deviceId: string) => HttpResponse,
): Promise<HttpResponse> {
  const token = bearerToken(asked);
  if (token === null) return matrixError(401, 'M_MISSING_TOKEN', 'Missing access token');
  const bearer = await personality.bearer(token);
  return bearer.known ? answer(bearer.userId, bearer.deviceId) : bearer.answer;
}
