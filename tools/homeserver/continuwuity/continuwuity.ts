import { json, oauthError, text } from '../answers.ts';
import { alphabets, randomText, ulid } from '../chance.ts';
import { mayUse } from '../auth/clients.ts';
import { continuwuityMetadata, continuwuityPaths, devicePage } from './continuwuity-metadata.ts';
import { registerAtContinuwuity } from './continuwuity-registration.ts';
import { ContinuwuityTokens, readScopes } from './continuwuity-tokens.ts';
import { createFamily, deviceCodeGrant, knownBearer, lockedBearer } from '../family.ts';
import { refusedBearer } from '../family.ts';
import { readForm } from '../auth/forms.ts';
import type { DeviceAuthorizationResponse } from '../auth/grants.ts';
import { createHouse } from '../house.ts';
import type { House } from '../house.ts';
import type { Answer, Asked, Bearer, Ground, Personality } from '../personality.ts';

/**
 * Continuwuity 26.7: a minute for every code, no state for "declined", refresh tokens that are gone
 * the moment they are spent.
 */
export function createContinuwuity(ground: Ground): Personality {
  const house = createHouse(ground);
  const tokens = new ContinuwuityTokens(house);
  return createFamily(house, {
    name: 'continuwuity',
    versions: Array.from({ length: 18 }, (_, minor) => `v1.${minor + 1}`),
    endpoints: continuwuityPaths,
    metadata: () => continuwuityMetadata(ground),
    register: (asked) => registerAtContinuwuity(house, asked),
    authorizeDevice: (asked) => authorizeDevice(house, asked),
    token: (asked) => tokenEndpoint(house, tokens, asked),
    revoke: (asked) => revoke(house, tokens, asked),
    bearer: (token) => bearer(house, token),
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

function misfit(field: string): Answer {
  return text(422, `Failed to deserialize form body: missing field \`${field}\``);
}

/** The wanted fields of a form, or what the web framework says when one is missing. */
function fieldsOf<const Names extends readonly string[]>(
  asked: Asked,
  names: Names,
): Readonly<Record<Names[number], string>> | Answer {
  const form = readForm(asked);
  if (form === null) {
    return text(415, 'Form requests must have `Content-Type: application/x-www-form-urlencoded`');
  }
  const missing = names.find((name) => form.get(name) === null);
  if (missing !== undefined) return misfit(missing);
  const entries = names.map((name) => [name, form.get(name) ?? ''] as const);
  // Every name of `Names` is in the entries, which `fromEntries` cannot express.
  return Object.fromEntries(entries) as Record<Names[number], string>;
}

function isAnswer(value: object): value is Answer {
  return 'status' in value;
}

function authorizeDevice(house: House, asked: Asked): Answer {
  const { ground } = house;
  const fields = fieldsOf(asked, ['client_id', 'scope']);
  if (isAnswer(fields)) return fields;
  const client = house.clients.get(fields.client_id);
  if (client === null) return oauthError(400, 'invalid_client', 'Invalid client ID');
  if (!mayUse(client, deviceCodeGrant)) {
    return oauthError(400, 'unauthorized_client', 'Client may not use the device code grant');
  }
  const scopes = readScopes(fields.scope);
  if ('problem' in scopes) return oauthError(400, 'invalid_grant', scopes.problem);

  const lifetimeMs = ground.codeTtlMs ?? 60_000;
  const grant: DeviceAuthorizationResponse = {
    id: ulid(ground.now()),
    deviceCode: randomText(alphabets.alphanumeric, 32),
    userCode: randomText(alphabets.digits, 6),
    clientId: client.id,
    scope: fields.scope,
    expiresAt: ground.now() + lifetimeMs,
    ipAddress: asked.remoteAddress,
    userAgent: asked.headers['user-agent'] ?? null,
    decision: { kind: 'pending' },
  };
  house.grants.add(grant);
  const page = `${ground.base}${devicePage}`;
  return json(200, {
    device_code: grant.deviceCode,
    user_code: grant.userCode,
    verification_uri: page,
    ...(ground.autoFillUserCode === false
      ? {}
      : { verification_uri_complete: `${page}?user_code=${grant.userCode}` }),
    expires_in: lifetimeMs / 1000,
    ...(ground.intervalS === null ? {} : { interval: ground.intervalS }),
  });
}

function tokenEndpoint(house: House, tokens: ContinuwuityTokens, asked: Asked): Answer {
  switch (readForm(asked)?.get('grant_type')) {
    case deviceCodeGrant: {
      const fields = fieldsOf(asked, ['client_id', 'device_code']);
      if (isAnswer(fields)) return fields;
      return redeem(house, tokens, fields.device_code, fields.client_id);
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

/** Unknown, used and foreign codes are all "expired" here; asking for a foreign one destroys it. */
function redeem(house: House, tokens: ContinuwuityTokens, code: string, clientId: string): Answer {
  const expired = oauthError(400, 'expired_token', 'Invalid or expired device code');
  const grant = house.grants.byDeviceCode(code);
  if (grant === null) return expired;
  if (grant.clientId !== clientId || house.ground.now() >= grant.expiresAt) {
    house.grants.forget(grant);
    return expired;
  }
  if (grant.decision.kind !== 'approved') {
    const stillWaiting = 'The user has not approved this device yet';
    return oauthError(400, 'authorization_pending', stillWaiting);
  }
  house.grants.forget(grant);
  return tokens.issue(grant, grant.decision.localpart);
}

/** RFC 7009 as Continuwuity has it: no client needed, and an unknown token is an error. */
function revoke(house: House, tokens: ContinuwuityTokens, asked: Asked): Answer {
  const fields = fieldsOf(asked, ['token']);
  if (isAnswer(fields)) return fields;
  const session = tokens.sessionOf(fields.token);
  if (session === null) {
    return oauthError(400, 'invalid_grant', 'Invalid access or refresh token');
  }
  house.sessions.end(session);
  return text(200, '');
}

function bearer({ ground, sessions, locked }: House, token: string): Bearer {
  const access = sessions.access(token);
  if (access === null || access.revoked) return refusedBearer('Unknown access token.');
  if (ground.now() >= access.expiresAt) return refusedBearer('Token has expired.', true);
  return locked.has(access.session.localpart) ? lockedBearer() : knownBearer(access);
}
