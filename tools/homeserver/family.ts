import { Approval } from './auth/approval.ts';
import type { ApprovalRules } from './auth/approval.ts';
import { matrixError, text } from './responses.ts';
import type { DeviceCodeGrant } from './auth/grants.ts';
import type { Database } from './database.ts';
import type { HttpResponse, HttpRequest, Bearer, Endpoints, Personality } from './personality.ts';
import type { AccessToken, Session } from './auth/sessions.ts';

/** The grant type of RFC 8628. */
export const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** What a family provides; the rest is the same for all of them. */
export type FamilyParts = Readonly<{
  name: Personality['name'];
  versions: readonly string[];
  endpoints: Endpoints;
  metadata: () => Record<string, unknown>;
  register: (asked: HttpRequest) => HttpResponse;
  authorizeDevice: (asked: HttpRequest) => HttpResponse;
  token: (asked: HttpRequest) => HttpResponse;
  revoke: (asked: HttpRequest) => HttpResponse;
  bearer: (accessToken: string) => Bearer;
  approval: ApprovalRules;
}>;

/** Builds a personality from a family. */
export function createFamily(database: Database, parts: FamilyParts): Personality {
  const { endpoints } = parts;
  const approval = new Approval(database, parts.approval);
  const routes = new Map([
    [endpoints.registration, parts.register],
    [endpoints.token, parts.token],
    [endpoints.revocation, parts.revoke],
  ]);
  if (database.context.deviceGrant || parts.name === 'mas') {
    routes.set(endpoints.deviceAuthorization, parts.authorizeDevice);
  }
  return {
    name: parts.name,
    versions: parts.versions,
    endpoints,
    metadata: parts.metadata,
    bearer: parts.bearer,
    answer: (asked) => {
      const route = routes.get(asked.url.pathname);
      if (route === undefined) return approval.answer(asked);
      return asked.method === 'POST' ? route(asked) : text(405, '', { allow: 'POST' });
    },
    approve: (userCode, localpart) => approval.approve(userCode, localpart),
    deny: (userCode) => approval.deny(userCode),
    lockUser: (localpart, locked) => {
      if (locked) database.locked.add(localpart);
      else database.locked.delete(localpart);
    },
    endSessions: (localpart) => database.sessions.endAllOf(localpart),
    sessions: () => database.sessions.views(),
    close: () => Promise.resolve(),
  };
}

/** Opens the session of an approved grant. */
export function openSession(
  database: Database,
  grant: DeviceCodeGrant,
  localpart: string,
  deviceId: string,
  scope: string,
): Session {
  const userId = `@${localpart}:${database.context.serverName}`;
  return database.sessions.open({ localpart, userId, deviceId, clientId: grant.clientId, scope });
}

/** The live access token behind a request. */
export function knownBearer({ session }: AccessToken): Bearer {
  return { known: true, userId: session.userId, deviceId: session.deviceId };
}

/** The response to an invalid access token; `softLogout` undefined: the member isn't sent. */
export function refusedBearer(error: string, softLogout?: boolean): Bearer {
  const extra = softLogout === undefined ? {} : { soft_logout: softLogout };
  return { known: false, answer: matrixError(401, 'M_UNKNOWN_TOKEN', error, extra) };
}

/** What Tuwunel and Continuwuity respond for a locked user. Matrix 1.12, account locking. */
export function lockedBearer(): Bearer {
  const extra = { soft_logout: true };
  const answer = matrixError(401, 'M_USER_LOCKED', 'This account has been locked', extra);
  return { known: false, answer };
}
