import { allowInsecureRequests, customFetch, discoveryRequest } from 'oauth4webapi';
import type { AuthServer } from './server-metadata.ts';
import type { DiscoveryFailure, Failure, NetworkFailure } from '../../../common/failure.ts';
import { readFields, readJson } from '../fields.ts';
import { fetchLoginFlows } from './login-flows.ts';
import { catchNetworkError, networkFailureOfStatus } from '../http/network-error.ts';
import type { Network } from '../http/network.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import { isIssuer, readServerMetadata } from './server-metadata.ts';
import type { TypedServer } from '../../../common/server-input.ts';
import type { UrlRules } from '../../../common/urls.ts';
import { apiUrl, safeLink, withoutTrailingSlashes } from '../../../common/urls.ts';
import { fetchVersions } from './versions.ts';
import type { AnnouncedIssuer, WellKnown } from './well-known.ts';
import { fetchWellKnown, isUrl } from './well-known.ts';

/** The result of {@link discover}. */
export type Discovered = Readonly<{
  server: AuthServer;
  /** null when the person typed a homeserver's URL with a path. */
  serverName: string | null;
  /** The specification versions that the homeserver lists. */
  versions: readonly string[];
}>;

/**
 * Discovers the authorization server for what the person typed: `.well-known`, `/versions`, metadata.
 *
 * If a URL (`https://...`) was typed and its host has no usable `.well-known` document, the URL itself is
 * tried as the homeserver, because a person enters one after FAIL_PROMPT. FAIL_ERROR always ends
 * discovery.
 */
export async function discover(
  typed: TypedServer,
  network: Network,
): Promise<Result<Discovered, Failure>> {
  const wellKnown = await fetchWellKnown(typed, network);
  if (wellKnown.kind === 'failure' && !mayTryTypedUrl(typed, wellKnown.failure)) {
    return err(wellKnown.failure);
  }
  const base = wellKnown.kind === 'homeserver' ? wellKnown.baseUrl : typed.baseUrl;
  const homeserver = withoutTrailingSlashes(base.href);
  const versions = await fetchVersions(homeserver, network);
  if (!versions.ok) return err(noHomeserver(typed, wellKnown, homeserver, versions.failure));
  const authentication = wellKnown.kind === 'homeserver' ? wellKnown.authentication : null;
  const server = await discoverAuthServer(homeserver, authentication, network, typed);
  if (!server.ok) return server;
  return ok({ server: server.value, serverName: typed.serverName, versions: versions.value });
}

function mayTryTypedUrl(typed: TypedServer, failure: Failure): boolean {
  return failure.code !== 'homeserver-unusable' && isUrl(typed);
}

/** The failure when `homeserver` is not one: by the specification's table, except for transient failures. */
function noHomeserver(
  typed: TypedServer,
  wellKnown: WellKnown,
  homeserver: string,
  failure: NetworkFailure,
): Failure {
  if (wellKnown.kind === 'failure') return wellKnown.failure;
  switch (failure.code) {
    case 'unreachable':
      return isAtTypedServer(typed, wellKnown) ? { ...failure, isTypedServer: true } : failure;
    case 'rate-limited':
    case 'server-unavailable':
      return failure;
    default:
      return wellKnown.kind === 'homeserver'
        ? { code: 'homeserver-unusable', homeserver, why: failure.code }
        : { code: 'homeserver-not-found', server: typed.serverName ?? homeserver };
  }
}

/** Whether the server name itself was tried as the homeserver, because there is no document. */
function isAtTypedServer(typed: TypedServer, wellKnown: WellKnown): boolean {
  return wellKnown.kind === 'ignore' && !isUrl(typed);
}

/** In this order; older homeservers only have the second. */
const METADATA_PATHS = [
  '/_matrix/client/v1/auth_metadata',
  '/_matrix/client/unstable/org.matrix.msc2965/auth_metadata',
] as const;

/** From drafts in which homeservers named the issuer instead of serving the metadata. */
const ISSUER_PATH = '/_matrix/client/unstable/org.matrix.msc2965/auth_issuer';

/** What a search for metadata needs. */
type Search = Readonly<{ homeserver: string; network: Network; rules: UrlRules }>;

/**
 * Fetches a homeserver's authorization server metadata: from the metadata endpoint, its unstable version,
 * the issuer endpoint, and finally the issuer that `.well-known` announced. A 5xx, a rate limit or a
 * failed connection ends the search, because it does not tell whether OAuth is supported.
 *
 * Also used to fetch the metadata of a session again; compare the issuer with the session's own then.
 *
 * @param authentication from the `.well-known` document; null for an existing session
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#get_matrixclientv1auth_metadata Matrix 1.18, GET auth_metadata}
 * @see {@link https://github.com/matrix-org/matrix-spec-proposals/blob/main/proposals/2965-auth-metadata.md MSC2965}
 */
export async function discoverAuthServer(
  homeserver: URL | string,
  authentication: AnnouncedIssuer | null,
  network: Network,
  { loopback }: UrlRules,
): Promise<Result<AuthServer, Failure>> {
  const base = typeof homeserver === 'string' ? homeserver : homeserver.href;
  const search: Search = {
    homeserver: withoutTrailingSlashes(base),
    network,
    rules: { loopback },
  };
  for (const path of METADATA_PATHS) {
    const found = await fetchJson(search, path);
    if (!found.ok) return found;
    if (isMetadata(found.value)) {
      const { host } = apiUrl(search.homeserver, path);
      return readServerMetadata({ homeserver: search.homeserver, host }, found.value, search.rules);
    }
  }
  const announced = await fetchIssuer(search);
  if (!announced.ok) return announced;
  const issuer = announced.value ?? authentication;
  return issuer === null ? err(await whyUnsupported(search)) : fetchIssuerMetadata(search, issuer);
}

/** The JSON at a path of the homeserver; undefined unless it responded with 200. */
async function fetchJson(
  { homeserver, network }: Search,
  path: `/${string}`,
): Promise<Result<unknown, NetworkFailure>> {
  const url = apiUrl(homeserver, path);
  const sent = await catchNetworkError(() => network('auth-metadata', url));
  if (!sent.ok) return sent;
  const failure = networkFailureOfStatus(url.host, sent.value);
  if (failure?.code === 'rate-limited' || failure?.code === 'server-unavailable') {
    return err(failure);
  }
  return ok(sent.value.status === 200 ? await readJson(sent.value) : undefined);
}

/** Whether a body is metadata. Catch-all routes respond to every path with 200, some of them with JSON. */
function isMetadata(body: unknown): boolean {
  const read = readFields('', body, (fields) =>
    ok(
      fields.has('issuer') ||
        fields.has('token_endpoint') ||
        fields.has('device_authorization_endpoint'),
    ),
  );
  return read.ok && read.value;
}

async function fetchIssuer(
  search: Search,
): Promise<Result<AnnouncedIssuer | null, NetworkFailure>> {
  const found = await fetchJson(search, ISSUER_PATH);
  if (!found.ok) return found;
  const read = readFields('', found.value, (fields) => ok(fields.text('issuer')));
  return ok(read.ok ? { issuer: read.value, account: null } : null);
}

/**
 * Fetches the metadata document of an announced issuer. The issuer in it must be the same byte for byte;
 * the library compares them as URLs, so it is checked here.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-3.3 RFC 8414 §3.3}
 */
async function fetchIssuerMetadata(
  { homeserver, network, rules }: Search,
  announced: AnnouncedIssuer,
): Promise<Result<AuthServer, DiscoveryFailure | NetworkFailure>> {
  if (!isIssuer(announced.issuer, rules)) {
    return err({ code: 'metadata-invalid', host: new URL(homeserver).host, field: 'issuer' });
  }
  const issuer = new URL(announced.issuer);
  const sent = await catchNetworkError(() =>
    discoveryRequest(issuer, {
      [customFetch]: (url, { headers }) => network('auth-metadata', new URL(url), { headers }),
      [allowInsecureRequests]: rules.loopback,
    }),
  );
  if (!sent.ok) return sent;
  const failure = networkFailureOfStatus(issuer.host, sent.value);
  if (failure !== null) return err(failure);
  const body = sent.value.status === 200 ? await readJson(sent.value) : undefined;
  const server = readServerMetadata({ homeserver, host: issuer.host }, body, rules);
  if (server.ok && server.value.issuer !== announced.issuer) {
    const { issuer: found } = server.value;
    return err({ code: 'issuer-mismatch', announced: announced.issuer, found });
  }
  return server.ok ? ok(withAccountPage(server.value, announced, rules)) : server;
}

function withAccountPage(
  server: AuthServer,
  { account }: AnnouncedIssuer,
  rules: UrlRules,
): AuthServer {
  if (server.accountManagementUri !== null || account === null) return server;
  return { ...server, accountManagementUri: safeLink(account, rules) };
}

/** The failure when there is no metadata: which other way to sign in the homeserver has. */
async function whyUnsupported({ homeserver, network }: Search): Promise<DiscoveryFailure> {
  const legacy = await fetchLoginFlows(homeserver, network);
  if (legacy !== 'oauth') return { code: 'oauth-unsupported', homeserver, legacy };
  return {
    code: 'metadata-invalid',
    host: new URL(homeserver).host,
    field: 'auth_metadata',
  };
}
