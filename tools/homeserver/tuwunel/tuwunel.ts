import { empty, json, noStore, oauthError, text } from '../responses.ts';
import { alphabets, randomText, ulid } from '../chance.ts';
import { createFamily, deviceCodeGrant, knownBearer, lockedBearer } from '../family.ts';
import { refusedBearer } from '../family.ts';
import { mediaType, readForm } from '../auth/forms.ts';
import type { DeviceCodeGrant } from '../auth/grants.ts';
import { createDatabase } from '../database.ts';
import type { Database } from '../database.ts';
import type {
  HttpResponse,
  HttpRequest,
  Bearer,
  ServerContext,
  Personality,
} from '../personality.ts';
import { tuwunelMetadata, tuwunelPaths } from './tuwunel-metadata.ts';
import { registerAtTuwunel } from './tuwunel-registration.ts';
import { TuwunelTokens } from './tuwunel-tokens.ts';

const pagePath = '/_tuwunel/oidc/device';
const burst = 60;

/**
 * Tuwunel 1.9: one process for everything, grants that are used up by their outcome, and a spent
 * refresh token that is accepted for fifteen seconds and removes the device after that.
 */
export function createTuwunel(context: ServerContext): Personality {
  const database = createDatabase(context);
  const tokens = new TuwunelTokens(database);
  const takeTurn = createLimiter(context);
  return createFamily(database, {
    name: 'tuwunel',
    versions: Array.from({ length: 18 }, (_, minor) => `v1.${minor + 1}`),
    endpoints: tuwunelPaths,
    metadata: () => tuwunelMetadata(context),
    register: (asked) => registerAtTuwunel(database, asked),
    authorizeDevice: (asked) => (takeTurn() ? authorizeDevice(database, asked) : tooMany()),
    token: (asked) => tokenEndpoint(database, tokens, asked),
    revoke: (asked) => revoke(database, tokens, asked),
    bearer: (token) => bearer(database, token),
    approval: {
      path: pagePath,
      parameter: 'user_code',
      codeLength: 24,
      normalise: (typed) => typed.toUpperCase().replace(/[^BCDFGHJKLMNPQRSTVWXZ]/g, ''),
      format: formatUserCode,
      refusal: () => null,
      wantsConfirmation: false,
      goneStatus: 404,
      remembersDenial: true,
    },
  });
}

function formatUserCode(userCode: string): string {
  return `${userCode.slice(0, 5)}-${userCode.slice(5)}`;
}

/** The device endpoint is always rate-limited: sixty at once, then one per second. */
function createLimiter(context: ServerContext): () => boolean {
  let left = burst;
  let at = context.now();
  return () => {
    const now = context.now();
    left = Math.min(burst, left + (now - at) / 1000);
    at = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}

function tooMany(): HttpResponse {
  return oauthError(429, 'slow_down', 'Too many requests');
}

/** The fields of a form, or the web framework's error for anything else. */
function formOf(asked: HttpRequest): URLSearchParams | HttpResponse {
  const form = readForm(asked);
  if (form !== null) return form;
  const wanted = 'Form requests must have `Content-Type: application/x-www-form-urlencoded`';
  return text(mediaType(asked) === '' ? 400 : 415, wanted, noStore);
}

function authorizeDevice(database: Database, asked: HttpRequest): HttpResponse {
  const { context } = database;
  const form = formOf(asked);
  if (!(form instanceof URLSearchParams)) return form;
  const clientId = form.get('client_id');
  if (clientId === null) return oauthError(400, 'invalid_request', 'client_id is required');
  if (database.clients.get(clientId) === null) {
    return oauthError(401, 'invalid_client', 'Unknown client_id');
  }
  const lifetimeMs = context.codeTtlMs ?? 1_800_000;
  const grant: DeviceCodeGrant = {
    id: ulid(context.now()),
    deviceCode: randomText(alphabets.alphanumeric, 64),
    userCode: randomText(alphabets.consonants, 10),
    clientId,
    scope: form.get('scope') ?? '',
    expiresAt: context.now() + lifetimeMs,
    ipAddress: asked.remoteAddress,
    userAgent: asked.headers['user-agent'] ?? null,
    decision: { kind: 'pending' },
  };
  database.grants.add(grant);
  const page = `${context.base}${pagePath}`;
  const userCode = formatUserCode(grant.userCode);
  const complete =
    context.autoFillUserCode === false
      ? {}
      : { verification_uri_complete: `${page}?user_code=${encodeURIComponent(userCode)}` };
  const body = {
    device_code: grant.deviceCode,
    user_code: userCode,
    verification_uri: page,
    ...complete,
    expires_in: lifetimeMs / 1000,
    interval: context.intervalS ?? 5,
  };
  return json(200, body, noStore);
}

function tokenEndpoint(
  database: Database,
  tokens: TuwunelTokens,
  asked: HttpRequest,
): HttpResponse {
  const form = formOf(asked);
  if (!(form instanceof URLSearchParams)) return form;
  const missing = (field: string) => oauthError(400, 'invalid_grant', `${field} is required`);
  switch (form.get('grant_type')) {
    case null:
      return text(422, 'Failed to deserialize form body: missing field `grant_type`', noStore);
    case deviceCodeGrant: {
      const code = form.get('device_code');
      const clientId = form.get('client_id');
      if (code === null) return missing('device_code');
      if (clientId === null) return missing('client_id');
      return redeem(database, tokens, code, clientId);
    }
    case 'refresh_token': {
      const token = form.get('refresh_token');
      return token === null ? missing('refresh_token') : tokens.refresh(token);
    }
    default:
      return oauthError(400, 'unsupported_grant_type', 'Unsupported grant_type');
  }
}

/** Every outcome except "pending" uses up the grant: the next poll finds nothing. */
function redeem(
  database: Database,
  tokens: TuwunelTokens,
  code: string,
  clientId: string,
): HttpResponse {
  const grant = database.grants.byDeviceCode(code);
  if (grant === null) return oauthError(400, 'invalid_grant', 'Invalid or expired device code');
  if (grant.clientId !== clientId) return oauthError(400, 'invalid_grant', 'client_id mismatch');
  if (database.context.now() > grant.expiresAt) {
    database.grants.forget(grant);
    return oauthError(400, 'expired_token', 'The device code has expired');
  }
  const { decision } = grant;
  if (decision.kind === 'pending') {
    const stillWaiting = 'The user has not yet completed authorization';
    return oauthError(400, 'authorization_pending', stillWaiting);
  }
  database.grants.forget(grant);
  if (decision.kind !== 'approved') {
    return oauthError(400, 'access_denied', 'The authorization request was denied');
  }
  return tokens.issue(grant, decision.localpart);
}

/** RFC 7009 as in Tuwunel: no client needed, 200 whatever the token was. */
function revoke(database: Database, tokens: TuwunelTokens, asked: HttpRequest): HttpResponse {
  const form = formOf(asked);
  if (!(form instanceof URLSearchParams)) return form;
  const token = form.get('token') ?? '';
  if (token === '') return oauthError(400, 'invalid_request', 'token parameter is required');
  const hint = form.get('token_type_hint');
  if (hint !== null && hint !== 'access_token' && hint !== 'refresh_token') {
    const wanted = 'token_type_hint must be access_token or refresh_token';
    return oauthError(400, 'unsupported_token_type', wanted);
  }
  const session = tokens.sessionOf(token);
  if (session !== null) database.sessions.end(session);
  return empty(200, noStore);
}

/** An expired token is reported as such once, and then dropped. */
function bearer({ context, sessions, locked }: Database, token: string): Bearer {
  const access = sessions.access(token);
  if (access === null || access.revoked) return refusedBearer('Unknown access token.');
  if (context.now() >= access.expiresAt) {
    sessions.forgetAccess(token);
    return refusedBearer('Access token has expired.', true);
  }
  return locked.has(access.session.localpart) ? lockedBearer() : knownBearer(access);
}
