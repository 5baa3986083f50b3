import { empty, json, noStore, oauthError, text } from '../responses.ts';
import { alphabets, randomText, ulid } from '../chance.ts';
import {
  createFamily,
  deviceCodeGrant,
  knownBearer,
  openSession,
  refusedBearer,
} from '../family.ts';
import { readForm } from '../auth/forms.ts';
import type { DeviceCodeGrant } from '../auth/grants.ts';
import { createDatabase } from '../database.ts';
import type { Database } from '../database.ts';
import { authenticate, standard } from './mas-errors.ts';
import { masMetadata, masPaths } from './mas-metadata.ts';
import { registerAtMas } from './mas-registration.ts';
import { MasTokens } from './mas-tokens.ts';
import type {
  HttpResponse,
  HttpRequest,
  Bearer,
  ServerContext,
  Personality,
} from '../personality.ts';
import { readScope } from '../auth/scopes.ts';

const week = 7 * 24 * 3_600_000;

/**
 * Matrix Authentication Service 1.22 behind Synapse 1.157: pending is a 403, there is no complete
 * link, a refresh can be repeated, and an introspection decides what the homeserver accepts.
 */
export function createMas(context: ServerContext): Personality {
  const database = createDatabase(context);
  const tokens = new MasTokens(database);
  return createFamily(database, {
    name: 'mas',
    versions: [
      'r0.0.1',
      'v1.1',
      'v1.2',
      'v1.3',
      'v1.4',
      'v1.5',
      'v1.6',
      'v1.7',
      'v1.8',
      'v1.9',
    ].concat(['v1.10', 'v1.11', 'v1.12']),
    endpoints: masPaths,
    metadata: () => masMetadata(context),
    register: (asked) => registerAtMas(database, asked),
    authorizeDevice: (asked) => authorizeDevice(database, asked),
    token: (asked) => tokenEndpoint(database, tokens, asked),
    revoke: (asked) => revoke(database, tokens, asked),
    bearer: createIntrospection(database),
    approval: {
      path: '/link',
      parameter: 'code',
      codeLength: 6,
      normalise: (typed) => typed.toUpperCase(),
      format: (userCode) => userCode,
      refusal: policyViolation,
      wantsConfirmation: true,
      goneStatus: 500,
      remembersDenial: true,
    },
  });
}

/**
 * The violations of MAS's policy by a scope. Checked in the browser, never at the device endpoint.
 */
function policyViolation({ scope }: DeviceCodeGrant): string | null {
  const wish = readScope(scope);
  if (wish.mixed) return 'request cannot mix unstable and stable scopes';
  if (wish.deviceIds.length > 1) return 'only one device scope is allowed at a time';
  const fits = wish.deviceIds.every((id) => /^[A-Za-z0-9._~!$&'()*+,;=:@/-]{10,}$/.test(id));
  return fits ? null : 'device ID is too short or holds a character that is not allowed';
}

function authorizeDevice(database: Database, asked: HttpRequest): HttpResponse {
  const { context } = database;
  if (!context.deviceGrant) {
    return oauthError(400, 'invalid_request', 'The device code grant is disabled on this server');
  }
  const caller = authenticate(database, readForm(asked), deviceCodeGrant);
  if ('refused' in caller) return caller.refused;
  const scope = caller.form.get('scope') ?? 'openid';
  if (!isScope(scope)) return standard('server_error', 'Failed to deserialize form: invalid scope');
  const lifetimeMs = context.codeTtlMs ?? 1_200_000;
  const grant: DeviceCodeGrant = {
    id: ulid(context.now()),
    deviceCode: randomText(alphabets.alphanumeric, 32),
    userCode: randomText(alphabets.upperAndDigits, 6),
    clientId: caller.client.id,
    scope,
    expiresAt: context.now() + lifetimeMs,
    ipAddress: asked.remoteAddress,
    userAgent: asked.headers['user-agent'] ?? null,
    decision: { kind: 'pending' },
  };
  database.grants.add(grant);
  const page = `${context.base}/link`;
  const complete =
    context.autoFillUserCode === true
      ? { verification_uri_complete: `${page}?code=${grant.userCode}` }
      : {};
  const body = {
    device_code: grant.deviceCode,
    user_code: grant.userCode,
    verification_uri: page,
    ...complete,
    expires_in: lifetimeMs / 1000,
    interval: context.intervalS ?? 5,
  };
  return json(200, body, noStore);
}

/** RFC 6749 §3.3, as MAS parses it: an empty token is an error. */
function isScope(scope: string): boolean {
  return scope.split(' ').every((token) => /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(token));
}

function tokenEndpoint(database: Database, tokens: MasTokens, asked: HttpRequest): HttpResponse {
  const form = readForm(asked);
  switch (form?.get('grant_type')) {
    case deviceCodeGrant: {
      if (!database.context.deviceGrant) return standard('unsupported_grant_type');
      const caller = authenticate(database, form, deviceCodeGrant);
      if ('refused' in caller) return caller.refused;
      const code = caller.form.get('device_code');
      if (code === null) return standard('server_error', 'missing field `device_code`');
      return redeem(database, tokens, code, caller.client.id);
    }
    case 'refresh_token': {
      const caller = authenticate(database, form, 'refresh_token');
      if ('refused' in caller) return caller.refused;
      const token = caller.form.get('refresh_token');
      if (token === null) return standard('server_error', 'missing field `refresh_token`');
      return tokens.refresh(token, caller.client.id);
    }
    case undefined:
      return standard('invalid_request', 'No credentials were presented');
    case null:
      return standard('server_error', 'missing field `grant_type`');
    default:
      return standard('unsupported_grant_type');
  }
}

/** In MAS's order: known code, matching client, expiry, and only then the state. */
function redeem(
  database: Database,
  tokens: MasTokens,
  deviceCode: string,
  clientId: string,
): HttpResponse {
  const grant = database.grants.byDeviceCode(deviceCode);
  const now = database.context.now();
  if (grant?.clientId !== clientId || now >= grant.expiresAt + week) {
    return standard('invalid_grant');
  }
  const { decision } = grant;
  if (decision.kind === 'redeemed') return standard('invalid_grant');
  if (now >= grant.expiresAt) return standard('expired_token');
  switch (decision.kind) {
    case 'pending':
      return standard('authorization_pending');
    case 'denied':
      return standard('access_denied');
    case 'approved': {
      grant.decision = { kind: 'redeemed' };
      const deviceId = readScope(grant.scope).deviceIds[0] ?? '';
      const session = openSession(database, grant, decision.localpart, deviceId, grant.scope);
      return tokens.issue(session);
    }
  }
}

/**
 * RFC 7009 as in MAS: requires the client, answers with an empty body, and does nothing for a token
 * that is unknown, expired, spent, or of another kind than the hint says.
 */
function revoke(database: Database, tokens: MasTokens, asked: HttpRequest): HttpResponse {
  const caller = authenticate(database, readForm(asked), null);
  if ('refused' in caller) return caller.refused;
  const token = caller.form.get('token');
  if (token === null) return standard('server_error', 'missing field `token`');
  const kind = tokens.kindOf(token);
  const hint = caller.form.get('token_type_hint');
  if (kind === null) return empty(200);
  if (hint !== null && hint !== 'access_token' && hint !== 'refresh_token') {
    return standard('unsupported_token_type');
  }
  if (hint !== null && hint !== kind) return empty(200);
  const session = tokens.sessionOf(token);
  if (session === null) return empty(200);
  if (session.clientId !== caller.client.id) return standard('unauthorized_client');
  database.sessions.end(session);
  return text(200, '');
}

/** The introspection of an access token by Synapse, cached for a while. */
function createIntrospection(database: Database): (token: string) => Bearer {
  const { context, sessions, locked } = database;
  const believed = new Map<string, number>();
  const refused = refusedBearer('Token is not active', false);
  return (token) => {
    const access = sessions.access(token);
    const now = context.now();
    if (access === null || now >= access.expiresAt) return refused;
    const askedAt = believed.get(token);
    if (askedAt !== undefined && now < askedAt + context.introspectionCacheMs) {
      return knownBearer(access);
    }
    const { session } = access;
    const active = !access.revoked && session.alive && !locked.has(session.localpart);
    if (!active || !readScope(session.scope).api) {
      believed.delete(token);
      return refused;
    }
    access.firstUsedAt ??= now;
    believed.set(token, now);
    return knownBearer(access);
  };
}
