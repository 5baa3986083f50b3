import { json, noStore, oauthError } from '../responses.ts';
import { ulid } from '../chance.ts';
import { deviceCodeGrant } from '../family.ts';
import { isRecord, mediaType, readJson } from '../auth/forms.ts';
import type { Database } from '../database.ts';
import { policyViolations } from './mas-policy.ts';
import type { HttpResponse, HttpRequest } from '../personality.ts';

const texts = ['client_name', 'client_uri', 'logo_uri', 'policy_uri', 'tos_uri'] as const;
const lists = ['redirect_uris', 'response_types', 'grant_types'] as const;
const plain = ['application_type', 'token_endpoint_auth_method'] as const;
const urls = ['client_uri', 'logo_uri', 'policy_uri', 'tos_uri'] as const;
const publicSuffixes = ['com', 'org', 'net', 'io', 'dev', 'app', 'co.uk', 'github.io', 'gitlab.io'];

type Metadata = Readonly<Record<string, unknown>>;

/**
 * Registration as MAS has it: shape, then validation, then policy.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2 RFC 7591 §3.2}
 */
export function registerAtMas(database: Database, asked: HttpRequest): HttpResponse {
  const body = mediaType(asked) === 'application/json' ? readJson(asked) : undefined;
  if (body === undefined) return oauthError(400, 'invalid_request');
  const shapeError = isRecord(body) ? findShapeError(body) : 'invalid type: expected a map';
  if (!isRecord(body) || shapeError !== null) return invalid(shapeError ?? '');

  const metadata = knownMembers(body, database.context.deviceGrant);
  const refused = validate(metadata);
  if (refused !== null) return refused;
  const violations = policyViolations(metadata);
  if (violations.length > 0) {
    const aboutRedirects = violations.some((message) => message.includes('redirect_uri'));
    const error = aboutRedirects ? 'invalid_redirect_uri' : 'invalid_client_metadata';
    return oauthError(400, error, violations.join('; '));
  }
  const { now, clientIdSuffix } = database.context;
  const client = database.clients.register(metadata, () => ulid(now()) + clientIdSuffix, now());
  const issuedAt = Math.floor(client.registeredAt / 1000);
  const answer = { client_id: client.id, client_id_issued_at: issuedAt, ...client.metadata };
  return json(201, answer, noStore);
}

function invalid(description: string): HttpResponse {
  return oauthError(400, 'invalid_client_metadata', description);
}

/** The parser's error; null: none. A null member counts as absent. */
function findShapeError(body: Metadata): string | null {
  for (const [name, value] of Object.entries(body)) {
    const [member = '', tag] = name.split('#', 2);
    const isText = [...texts, ...plain].some((one) => one === member);
    if (value === null) continue;
    if (isText && typeof value !== 'string') return `${name}: invalid type, expected a string`;
    if (tag !== undefined && !/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag)) {
      return `${name}: invalid language tag`;
    }
    if (tag !== undefined && typeof body[member] !== 'string') {
      return `${member}: missing non-localized value`;
    }
    const isUrl = urls.some((one) => one === member);
    if (isUrl && typeof value === 'string' && !URL.canParse(value)) return `${name}: relative URL`;
    const isList = lists.some((one) => one === member);
    if (isList && !(Array.isArray(value) && value.every((item) => typeof item === 'string'))) {
      return `${name}: invalid type, expected a sequence of strings`;
    }
  }
  return null;
}

/** The metadata that MAS stores, in a fixed order, so that the same client is found again. */
function knownMembers(body: Metadata, deviceGrant: boolean): Metadata {
  const kept: Record<string, unknown> = {};
  for (const name of [...texts, ...plain, ...lists].toSorted()) {
    const value = body[name] ?? undefined;
    if (Array.isArray(value)) kept[name] = value.toSorted();
    else if (value !== undefined) kept[name] = value;
  }
  const grants = kept.grant_types;
  kept.grant_types = Array.isArray(grants)
    ? grants.filter((grant) => deviceGrant || grant !== deviceCodeGrant)
    : ['authorization_code'];
  return kept;
}

function validate(metadata: Metadata): HttpResponse | null {
  const grants = textsOf(metadata, 'grant_types');
  const redirects = textsOf(metadata, 'redirect_uris');
  const needsRedirects = grants.includes('authorization_code') || grants.includes('implicit');
  if (needsRedirects && metadata.redirect_uris === undefined) {
    return oauthError(400, 'invalid_redirect_uri');
  }
  if (redirects.some((uri) => uri.includes('#'))) return oauthError(400, 'invalid_redirect_uri');
  const code = textsOf(metadata, 'response_types').find((type) => type.includes('code'));
  if (code !== undefined && !grants.includes('authorization_code')) {
    return invalid(`'${code}' response type not compatible with grant types`);
  }
  for (const name of urls) {
    if (isPublicSuffix(metadata[name])) return invalid(`${name} is not using a valid domain`);
  }
  if (redirects.some(isPublicSuffix)) {
    return oauthError(400, 'invalid_redirect_uri', 'redirect_uri is not using a valid domain');
  }
  return null;
}

function isPublicSuffix(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    URL.canParse(value) &&
    publicSuffixes.includes(new URL(value).hostname)
  );
}

function textsOf(metadata: Metadata, name: string): readonly string[] {
  const value = metadata[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
