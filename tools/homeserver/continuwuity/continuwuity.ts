import { json, oauthError, text } from '../responses.ts';
import { alphabets, randomText, ulid } from '../chance.ts';
import { mayUse } from '../auth/clients.ts';
import { continuwuityMetadata, continuwuityPaths, devicePage } from './continuwuity-metadata.ts';
import { registerAtContinuwuity } from './continuwuity-registration.ts';
import { ContinuwuityTokens, readScopes } from './continuwuity-tokens.ts';
import { createFamily, deviceCodeGrant, knownBearer, lockedBearer } from '../family.ts';
import { refusedBearer } from '../family.ts';
import { readForm } from '../auth/forms.ts';
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

/**
 * Continuwuity 26.7: codes live for a minute, there is no "declined" state, and refresh tokens are
 * forgotten as soon as they are spent.
 */
export function createContinuwuity(context: ServerContext): Personality {
  const database = createDatabase(context);
  const tokens = new ContinuwuityTokens(database);
  return createFamily(database, {
    name: 'continuwuity',
    versions: Array.from({ length: 18 }, (_, minor) => `v1.${minor + 1}`),
    endpoints: continuwuityPaths,
    metadata: () => continuwuityMetadata(context),
    register: (asked) => registerAtContinuwuity(database, asked),
    authorizeDevice: (asked) => authorizeDevice(database, asked),
    token: (asked) => tokenEndpoint(database, tokens, asked),
    revoke: (asked) => revoke(database, tokens, asked),
    bearer: (token) => bearer(database, token),
    approval: {
      path: devicePage,
      parameter: 'user_code',
      codeLength: 6,
      normalise: (typed) => typed,
      format: (userCode) => userCode,
      refusal: () => null,
      wantsConfirmation: false,
      goneStatus: 404,
      remembersDenial: false,
    },
  });
}

function misfit(field: string): HttpResponse {
  return text(422, `Failed to deserialize form body: missing field \`${field}\``);
}

/** The requested fields of a form, or the web framework's error if one is missing. */
function fieldsOf<const Names extends readonly string[]>(
  asked: HttpRequest,
  names: Names,
): Readonly<Record<Names[number], string>> | HttpResponse {
  const form = readForm(asked);
  if (form === null) {
    return text(415, 'Form requests must have `Content-Type: application/x-www-form-urlencoded`');
  }
  const missing = names.find((name) => form.get(name) === null);
  if (missing !== undefined) return misfit(missing);
  const entries = names.map((name) => [name, form.get(name) ?? ''] as const);
  // The entries hold every name of `Names`, which the type of `fromEntries` can't express.
  return Object.fromEntries(entries) as Record<Names[number], string>;
}

function isAnswer(value: object): value is HttpResponse {
  return 'status' in value;
}

function authorizeDevice(database: Database, asked: HttpRequest): HttpResponse {
  const { context } = database;
  const fields = fieldsOf(asked, ['client_id', 'scope']);
  if (isAnswer(fields)) return fields;
  const client = database.clients.get(fields.client_id);
  if (client === null) return oauthError(400, 'invalid_client', 'Invalid client ID');
  if (!mayUse(client, deviceCodeGrant)) {
    return oauthError(400, 'unauthorized_client', 'Client may not use the device code grant');
  }
  const scopes = readScopes(fields.scope);
  if ('problem' in scopes) return oauthError(400, 'invalid_grant', scopes.problem);

  const lifetimeMs = context.codeTtlMs ?? 60_000;
  const grant: DeviceCodeGrant = {
    id: ulid(context.now()),
    deviceCode: randomText(alphabets.alphanumeric, 32),
    userCode: randomText(alphabets.digits, 6),
    clientId: client.id,
    scope: fields.scope,
    expiresAt: context.now() + lifetimeMs,
    ipAddress: asked.remoteAddress,
    userAgent: asked.headers['user-agent'] ?? null,
    decision: { kind: 'pending' },
  };
  database.grants.add(grant);
  const page = `${context.base}${devicePage}`;
  return json(200, {
    device_code: grant.deviceCode,
    user_code: grant.userCode,
    verification_uri: page,
    ...(context.autoFillUserCode === false
      ? {}
      : { verification_uri_complete: `${page}?user_code=${grant.userCode}` }),
    expires_in: lifetimeMs / 1000,
    ...(context.intervalS === null ? {} : { interval: context.intervalS }),
  });
}

function tokenEndpoint(
  database: Database,
  tokens: ContinuwuityTokens,
  asked: HttpRequest,
): HttpResponse {
  switch (readForm(asked)?.get('grant_type')) {
    case deviceCodeGrant: {
      const fields = fieldsOf(asked, ['client_id', 'device_code']);
      if (isAnswer(fields)) return fields;
      return redeem(database, tokens, fields.device_code, fields.client_id);
    }
    case 'refresh_token': {
      const fields = fieldsOf(asked, ['client_id', 'refresh_token']);
      return isAnswer(fields) ? fields : tokens.refresh(fields.refresh_token, fields.client_id);
    }
    case null:
    case undefined:
      return misfit('grant_type');
    default:
      return text(422, 'Failed to deserialize form body: unknown variant of `grant_type`');
  }
}

/**
 * Unknown, used and other clients' codes are all "expired" here; polling another client's code
 * destroys it.
 */
function redeem(
  database: Database,
  tokens: ContinuwuityTokens,
  code: string,
  clientId: string,
): HttpResponse {
  const expired = oauthError(400, 'expired_token', 'Invalid or expired device code');
  const grant = database.grants.byDeviceCode(code);
  if (grant === null) return expired;
  if (grant.clientId !== clientId || database.context.now() >= grant.expiresAt) {
    database.grants.forget(grant);
    return expired;
  }
  if (grant.decision.kind !== 'approved') {
    const stillWaiting = 'The user has not approved this device yet';
    return oauthError(400, 'authorization_pending', stillWaiting);
  }
  database.grants.forget(grant);
  return tokens.issue(grant, grant.decision.localpart);
}

/** RFC 7009 as in Continuwuity: no client needed, and an unknown token is an error. */
function revoke(database: Database, tokens: ContinuwuityTokens, asked: HttpRequest): HttpResponse {
  const fields = fieldsOf(asked, ['token']);
  if (isAnswer(fields)) return fields;
  const session = tokens.sessionOf(fields.token);
  if (session === null) {
    return oauthError(400, 'invalid_grant', 'Invalid access or refresh token');
  }
  database.sessions.end(session);
  return text(200, '');
}

function bearer({ context, sessions, locked }: Database, token: string): Bearer {
  const access = sessions.access(token);
  if (access === null || access.revoked) return refusedBearer('Unknown access token.');
  if (context.now() >= access.expiresAt) return refusedBearer('Token has expired.', true);
  return locked.has(access.session.localpart) ? lockedBearer() : knownBearer(access);
}
