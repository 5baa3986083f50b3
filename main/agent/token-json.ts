import { isObject, parseJson } from '../../common/json.ts';
import { SECOND } from '../../common/time.ts';
import type { HandedToken } from '../engine/engine-api.ts';

/**
 * The agent API's response with a token, in the wire's units and names: seconds, RFC 3339, snake case.
 * Fields may be added but are never renamed.
 */
export type TokenJson = Readonly<{
  version: 1;
  access_token: string;
  token_type: 'Bearer';
  /** The account's label. */
  account: string;
  user_id: string;
  device_id: string;
  homeserver_url: string;
  scopes: readonly string[];
  /** RFC 3339; null: the server gave no expiry. */
  expires_at: string | null;
  /** Whole seconds left at the time of the hand-out, rounded down; null: the server gave no expiry. */
  expires_in_s: number | null;
}>;

/** Makes the response for a token that was handed out. The result is a secret. */
export function toTokenJson(handed: HandedToken): TokenJson {
  return {
    version: 1,
    access_token: handed.accessToken,
    token_type: 'Bearer',
    account: handed.label,
    user_id: handed.userId,
    device_id: handed.deviceId,
    homeserver_url: handed.homeserver,
    scopes: handed.scope,
    expires_at: handed.expiresAt === null ? null : new Date(handed.expiresAt).toISOString(),
    expires_in_s: handed.validForMs === null ? null : Math.floor(handed.validForMs / SECOND),
  };
}

/**
 * Parses a {@link TokenJson} from the agent; null if it isn't one. A token with a space or a line break is
 * rejected, because it could add a header to a tool's request.
 */
export function readTokenJson(body: string): TokenJson | null {
  const answer = parseJson(body);
  if (!isObject(answer)) return null;
  const { access_token, homeserver_url, user_id } = answer;
  if (typeof access_token !== 'string' || !/^[\x21-\x7e]+$/.test(access_token)) return null;
  if (typeof homeserver_url !== 'string' || typeof user_id !== 'string') return null;
  // The fields that the formats use are checked above; the rest is passed on unchanged.
  return answer as TokenJson;
}
