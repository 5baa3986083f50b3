import type { InputFailure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import { plainText } from '../../../common/sanitize.ts';
import { isLoopback, safeLink } from '../../../common/urls.ts';

/**
 * Client metadata sent at registration, by the names of RFC 7591.
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
  /** Added by the person: see {@link customizeMetadata}. */
  [custom: string]: string | readonly string[] | undefined;
}>;

const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** Linked from consent screens. */
const CLIENT_URI = 'https://keyfob.example/';

/**
 * The minimum for signing in: the device grant and refresh tokens, no secret, no redirect URI.
 * `token_endpoint_auth_method` and `refresh_token` must be explicit: MAS accepts a registration without
 * them, but then refuses every request of the client.
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
 * The same client with the authorization code grant as well, because some servers refuse a registration
 * without it. That grant is never used, and nothing listens at the redirect URI.
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

/** Tuwunel accepts registrations of up to 4096 bytes; the superset adds less than 200. */
const MAX_CUSTOM_BYTES = 3_000;

const MAX_CONTACTS = 8;

/**
 * The client metadata with the person's changes: `client_name`, `client_uri`, `logo_uri`, `tos_uri`,
 * `policy_uri`, each also in other languages (`client_name#fr`), and `contacts`. A field that is null
 * keeps its default.
 *
 * Fails, before anything is sent, for any other field and for what MAS's default policy refuses: a URI
 * that is not plain https, or not under the host of `client_uri`. Only single labels and the best-known
 * hosting domains are detected as public suffixes; the server checks the rest.
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

/** One field by itself; the failure says what is wrong with it. */
function readMember(field: string, value: unknown): Result<string | readonly string[], string> {
  if (field === 'contacts') return readContacts(value);
  const [, name, language] = LOCALISED.exec(field) ?? [];
  if (name === undefined) return err("it can't be set");
  if (language !== undefined && !isLanguageTag(language))
    return err('the part after # is not a language tag');
  if (typeof value !== 'string') return err('it is not text');
  if (name === 'client_name') return readName(value);
  const problem = problemOfUri(value);
  return problem === null ? ok(value) : err(problem);
}

function readName(value: string): Result<string, string> {
  if (plainText(value, 100) === value) return ok(value);
  return err('it is not one line of 1 to 100 visible characters');
}

function readContacts(value: unknown): Result<readonly string[], string> {
  if (!Array.isArray(value) || value.length > MAX_CONTACTS) {
    return err(`it is not a list of at most ${MAX_CONTACTS} strings`);
  }
  const contacts = value.filter((item) => typeof item === 'string' && plainText(item) === item);
  return contacts.length === value.length
    ? ok(contacts.map(String))
    : err('it is not a list of visible strings');
}

function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false; // Intl throws a RangeError for an invalid tag.
  }
}

/**
 * MAS's policy for URIs: lower-case host, no port, a limited set of characters in the path, no query.
 * Stricter than the Matrix specification.
 */
const PLAIN_URI = /^https:\/\/(?:[a-z0-9-]+\.)*[a-z0-9-]+\/[A-Za-z0-9/._~-]*$/;

/** Not a public suffix list, only the hosting domains that are most likely to be entered by mistake. */
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
  if (safeLink(text, { loopback: false }) === null) return 'it is not an https address';
  if (!PLAIN_URI.test(text)) {
    return 'it must look like https://host/path, with a lower-case host and without a port or query';
  }
  const { hostname } = new URL(text);
  if (isLoopback(hostname) || hostname === '0.0.0.0') return 'it points to this computer';
  if (!hostname.includes('.') || HOSTING_DOMAINS.includes(hostname))
    return 'it is not on a domain of its own';
  return null;
}

type Problem = Readonly<{ field: string; why: string }>;

/** Checks across fields. */
function problemOfTheWhole(
  metadata: ClientMetadata,
  members: readonly (readonly [string, string | readonly string[]])[],
): Problem | null {
  const { hostname } = new URL(metadata.client_uri);
  for (const [field, value] of Object.entries(metadata)) {
    const [name = '', language] = field.split('#');
    if (language !== undefined && metadata[name] === undefined) {
      return { field, why: `it needs ${name} as well` };
    }
    if (URI_MEMBERS.includes(name) && typeof value === 'string' && !isUnder(value, hostname)) {
      return { field, why: `it is not under the host of client_uri, ${hostname}` };
    }
  }
  const bytes = new TextEncoder().encode(JSON.stringify(members)).length;
  const [longest = ''] = members.map(([field]) => field);
  return bytes > MAX_CUSTOM_BYTES
    ? { field: longest, why: 'the metadata is too long in total' }
    : null;
}

function isUnder(uri: string, host: string): boolean {
  const { hostname } = new URL(uri);
  return hostname === host || hostname.endsWith(`.${host}`);
}

function invalid(field: string, why: string): Result<never, InputFailure> {
  return err({ code: 'client-metadata-invalid', field, why });
}

/**
 * The User-Agent, which consent pages and device lists show. MAS parses `Name/1.2.3 (model; OS version)`;
 * it shows anything else as an "unknown device".
 */
export function userAgent(version: string, osName: string, osVersion: string): string {
  const name = osName.replace(/[^A-Za-z0-9 ._-]/g, '').trim();
  // Major and minor version only: enough to recognize the machine, without revealing more.
  const short = /^\d{1,6}(?:\.\d{1,6})?/.exec(osVersion)?.[0] ?? '';
  const system = `${name === '' ? 'unknown' : name} ${short}`.trim();
  return `Keyfob/${version.replace(/[^0-9A-Za-z.+-]/g, '')} (Desktop; ${system})`;
}

/**
 * SHA-256 of the metadata in lower-case hexadecimal, independent of the order of the fields. Stored with
 * a registration, to tell whether the metadata has changed since.
 */
export async function metadataHash(metadata: ClientMetadata): Promise<string> {
  const members = Object.entries(metadata).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const bytes = new TextEncoder().encode(JSON.stringify(members));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
