import type { InputFailure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import { plainText } from '../../../common/sanitize.ts';
import { isLoopback, safeLink } from '../../../common/urls.ts';

/**
 * Who we say we are at registration, in the wire names of RFC 7591.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#client-registration Matrix 1.18, client registration}
 */
export type ClientMetadata = Readonly<{
  client_name: string;
  client_uri: string;
  application_type: 'native';
  token_endpoint_auth_method: 'none';
  grant_types: readonly string[];
  response_types: readonly string[];
  redirect_uris?: readonly string[];
  /** What the person may add: see {@link customizeMetadata}. */
  [custom: string]: string | readonly string[] | undefined;
}>;

const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** The page that consent screens link to. */
const CLIENT_URI = 'https://keyfob.example/';

/**
 * The least that lets us sign in: the device grant and refreshing, no secret, no redirect.
 * `token_endpoint_auth_method` and `refresh_token` must be spelled out: MAS takes a registration
 * without them, and then refuses every use of the client.
 */
export const DEFAULT_CLIENT: ClientMetadata = {
  client_name: 'Keyfob',
  client_uri: CLIENT_URI,
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: [DEVICE_CODE_GRANT, 'refresh_token'],
  response_types: [],
};

/**
 * The same client, asking for the authorization code grant as well: some servers register nobody
 * without it. We never use that grant, and nothing listens at the redirect URI.
 */
export function supersetOf(metadata: ClientMetadata): ClientMetadata {
  return {
    ...metadata,
    grant_types: ['authorization_code', 'refresh_token', DEVICE_CODE_GRANT],
    response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/callback'],
  };
}

const URI_MEMBERS: readonly string[] = ['client_uri', 'logo_uri', 'tos_uri', 'policy_uri'];

const LOCALISED = /^(client_name|client_uri|logo_uri|tos_uri|policy_uri)(?:#(.*))?$/s;

/** Tuwunel takes registrations of at most 4096 bytes; the superset adds under 200 to ours. */
const MAX_CUSTOM_BYTES = 3_000;

const MAX_CONTACTS = 8;

/**
 * The client metadata with what the person wants changed: `client_name`, `client_uri`, `logo_uri`,
 * `tos_uri`, `policy_uri`, each also in other languages (`client_name#fr`), and `contacts`. A member
 * that is null stays as it was.
 *
 * Fails, before anything is sent, on every other member and on what MAS's default policy would
 * refuse: a URI that is not plain https, or not under the host of `client_uri`. Whether a host is
 * itself a public suffix takes a list; only single labels and the best-known hosting domains are
 * caught here, the rest is left to the server.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7591.html#section-2.2 RFC 7591 §2.2}
 */
export function customizeMetadata(
  base: ClientMetadata,
  custom: Readonly<Record<string, unknown>>,
): Result<ClientMetadata, InputFailure> {
  const chosen = Object.entries(custom).filter(([, value]) => value !== null);
  const members: [string, string | readonly string[]][] = [];
  for (const [field, value] of chosen) {
    const read = readMember(field, value);
    if (!read.ok) return invalid(plainText(field, 60) ?? '', read.failure);
    members.push([field, read.value]);
  }
  const metadata: ClientMetadata = { ...base, ...Object.fromEntries(members) };
  const problem = problemOfTheWhole(metadata, members);
  return problem === null ? ok(metadata) : invalid(problem.field, problem.why);
}

/** One member by itself; the failure is what is wrong with it. */
function readMember(field: string, value: unknown): Result<string | readonly string[], string> {
  if (field === 'contacts') return readContacts(value);
  const [, name, language] = LOCALISED.exec(field) ?? [];
  if (name === undefined) return err('not a member that can be set');
  if (language !== undefined && !isLanguageTag(language)) return err('not a language tag after #');
  if (typeof value !== 'string') return err('not a text');
  if (name === 'client_name') return readName(value);
  const problem = problemOfUri(value);
  return problem === null ? ok(value) : err(problem);
}

function readName(value: string): Result<string, string> {
  if (plainText(value, 100) === value) return ok(value);
  return err('not one line of 1 to 100 visible characters');
}

function readContacts(value: unknown): Result<readonly string[], string> {
  if (!Array.isArray(value) || value.length > MAX_CONTACTS) {
    return err(`not a list of at most ${MAX_CONTACTS} texts`);
  }
  const contacts = value.filter((item) => typeof item === 'string' && plainText(item) === item);
  return contacts.length === value.length
    ? ok(contacts.map(String))
    : err('not a list of visible texts');
}

function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false; // RangeError is how Intl says no.
  }
}

/**
 * What MAS's policy matches URIs with: lower-case host, no port, a path of few characters, no query.
 * Narrower than URLs are, and tighter than the Matrix specification.
 */
const PLAIN_URI = /^https:\/\/(?:[a-z0-9-]+\.)*[a-z0-9-]+\/[A-Za-z0-9/._~-]*$/;

/** Not a public suffix list: the hosting domains that people are most likely to type by mistake. */
const HOSTING_DOMAINS: readonly string[] = [
  'github.io',
  'gitlab.io',
  'codeberg.page',
  'pages.dev',
  'workers.dev',
  'netlify.app',
  'vercel.app',
  'web.app',
  'herokuapp.com',
  'co.uk',
  'com.au',
  'co.jp',
];

function problemOfUri(text: string): string | null {
  if (safeLink(text, { loopback: false }) === null) return 'not an https address';
  if (!PLAIN_URI.test(text)) {
    return 'not plain enough: https://host/path in lower-case letters, without port and query';
  }
  const { hostname } = new URL(text);
  if (isLoopback(hostname) || hostname === '0.0.0.0') return 'on this machine';
  if (!hostname.includes('.') || HOSTING_DOMAINS.includes(hostname))
    return 'not a domain of its own';
  return null;
}

type Problem = Readonly<{ field: string; why: string }>;

/** What members mean to each other. */
function problemOfTheWhole(
  metadata: ClientMetadata,
  members: readonly (readonly [string, string | readonly string[]])[],
): Problem | null {
  const { hostname } = new URL(metadata.client_uri);
  for (const [field, value] of Object.entries(metadata)) {
    const [name = '', language] = field.split('#');
    if (language !== undefined && metadata[name] === undefined) {
      return { field, why: `needs ${name} as well` };
    }
    if (URI_MEMBERS.includes(name) && typeof value === 'string' && !isUnder(value, hostname)) {
      return { field, why: `not under the host of client_uri, ${hostname}` };
    }
  }
  const bytes = new TextEncoder().encode(JSON.stringify(members)).length;
  const [longest = ''] = members.map(([field]) => field);
  return bytes > MAX_CUSTOM_BYTES ? { field: longest, why: 'too long altogether' } : null;
}

function isUnder(uri: string, host: string): boolean {
  const { hostname } = new URL(uri);
  return hostname === host || hostname.endsWith(`.${host}`);
}

function invalid(field: string, why: string): Result<never, InputFailure> {
  return err({ code: 'client-metadata-invalid', field, why });
}

/**
 * Names a client for the consent page and the device list. MAS reads
 * `Name/1.2.3 (model; OS version)`; anything else is an "unknown device" to it.
 */
export function userAgent(version: string, osName: string, osVersion: string): string {
  const name = osName.replace(/[^A-Za-z0-9 ._-]/g, '').trim();
  // Major and minor: what a person recognises, and no more than that of this machine.
  const short = /^\d{1,6}(?:\.\d{1,6})?/.exec(osVersion)?.[0] ?? '';
  const system = `${name === '' ? 'unknown' : name} ${short}`.trim();
  return `Keyfob/${version.replace(/[^0-9A-Za-z.+-]/g, '')} (Desktop; ${system})`;
}

/**
 * SHA-256 of the metadata, in lower-case hexadecimal; the order of the members does not matter. Kept
 * with a registration, to tell whether it still says what we would say today.
 */
export async function metadataHash(metadata: ClientMetadata): Promise<string> {
  const members = Object.entries(metadata).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const bytes = new TextEncoder().encode(JSON.stringify(members));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
