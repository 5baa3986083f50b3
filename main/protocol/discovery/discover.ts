import { allowInsecureRequests, customFetch, discoveryRequest } from 'oauth4webapi';
import type { AuthServer } from './server-metadata.ts';
import type { DiscoveryFailure, Failure, NetworkFailure } from '../../../common/failure.ts';
import { readFields, readJson } from '../fields.ts';
import { fetchLoginFlows } from './login-flows.ts';
import { attempt, networkFailureOfStatus } from '../http/network-error.ts';
import type { Network } from '../http/network.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import { isIssuer, readServerMetadata } from './server-metadata.ts';
import type { TypedServer } from '../../../common/server-input.ts';
import type { UrlRules } from '../../../common/urls.ts';
import { apiUrl, safeLink, withoutTrailingSlashes } from '../../../common/urls.ts';
import { fetchVersions } from './versions.ts';
import type { AnnouncedIssuer, WellKnown } from './well-known.ts';
import { fetchWellKnown } from './well-known.ts';

/** Where a person signs in. */
export type Discovered = Readonly<{
  server: AuthServer;
  /** null when the person typed a homeserver's own address, with a path. */
  serverName: string | null;
  /** Versions of the specification that the homeserver lists. */
  versions: readonly string[];
}>;

/**
 * The way from what was typed to the authorization server: `.well-known`, `/versions`, metadata.
 *
 * Where a person typed an address (`https://...`) and its host has no usable `.well-known`
 * document, the address itself is tried as the homeserver: it is the answer to our own question
 * after FAIL_PROMPT. FAIL_ERROR ends the search in every case.
 */
export async function discover(
  typed: TypedServer,
  network: Network,
): Promise<Result<Discovered, Failure>> {
  const wellKnown = await fetchWellKnown(typed, network);
  if (wellKnown.kind === 'failure' && !mayStillTry(typed, wellKnown.failure)) {
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

function mayStillTry(typed: TypedServer, failure: Failure): boolean {
  return failure.code !== 'homeserver-unusable' && /^https?:/i.test(typed.typed);
}

/** No homeserver answered at `homeserver`: by the specification's table, unless time may heal it. */
function noHomeserver(
  typed: TypedServer,
  wellKnown: WellKnown,
  homeserver: string,
  failure: NetworkFailure,
): Failure {
  if (wellKnown.kind === 'failure') return wellKnown.failure;
  switch (failure.code) {
    case 'unreachable':
    case 'rate-limited':
    case 'server-unavailable':
      return failure;
    default:
      return wellKnown.kind === 'homeserver'
        ? { code: 'homeserver-unusable', homeserver, why: failure.code }
        : { code: 'homeserver-not-found', server: typed.serverName ?? homeserver };
  }
}

/** In this order; old homeservers know only the second. */
const METADATA_PATHS = [
  '/_matrix/client/v1/auth_metadata',
  '/_matrix/client/unstable/org.matrix.msc2965/auth_metadata',
] as const;

/** From before homeservers passed the document on themselves. */
const ISSUER_PATH = '/_matrix/client/unstable/org.matrix.msc2965/auth_issuer';

/** What a search for metadata goes by. */
type Search = Readonly<{ homeserver: string; network: Network; rules: UrlRules }>;

/**
 * Asks a homeserver for its authorization server: the metadata endpoint, its unstable spelling, the
 * issuer endpoint, and last what `.well-known` announced. An answer that shows trouble at the
 * server (5xx, a rate limit, no connection) ends the search, as it says nothing about support.
 *
 * Also for later, to fetch the metadata again; compare the issuer with the session's own then.
 *
 * @param authentication from the `.well-known` document; null later on
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
    const found = await ask(search, path);
    if (!found.ok) return found;
    if (isMetadata(found.value)) {
      const { host } = apiUrl(search.homeserver, path);
      return readServerMetadata({ homeserver: search.homeserver, host }, found.value, search.rules);
    }
  }
  const announced = await askIssuer(search);
  if (!announced.ok) return announced;
  const issuer = announced.value ?? authentication;
  return issuer === null ? err(await unsupported(search)) : askDocument(search, issuer);
}

/** The JSON at a path of the homeserver; undefined when nothing there speaks for OAuth. */
async function ask(
  { homeserver, network }: Search,
  path: `/${string}`,
): Promise<Result<unknown, NetworkFailure>> {
  const url = apiUrl(homeserver, path);
  const sent = await attempt(() => network('auth-metadata', url));
  if (!sent.ok) return sent;
  const failure = networkFailureOfStatus(url.host, sent.value);
  if (failure?.code === 'rate-limited' || failure?.code === 'server-unavailable') {
    return err(failure);
  }
  return ok(sent.value.status === 200 ? await readJson(sent.value) : undefined);
}

/** Catch-all pages answer every path with 200, some of them in JSON: metadata names something. */
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

async function askIssuer(search: Search): Promise<Result<AnnouncedIssuer | null, NetworkFailure>> {
  const found = await ask(search, ISSUER_PATH);
  if (!found.ok) return found;
  const read = readFields('', found.value, (fields) => ok(fields.text('issuer')));
  return ok(read.ok ? { issuer: read.value, account: null } : null);
}

/**
 * Reads the document at an announced issuer. The issuer in it must be the announced one, byte for
 * byte: the library compares them as URLs, so we compare them ourselves.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-3.3 RFC 8414 §3.3}
 */
async function askDocument(
  { homeserver, network, rules }: Search,
  announced: AnnouncedIssuer,
): Promise<Result<AuthServer, DiscoveryFailure | NetworkFailure>> {
  if (!isIssuer(announced.issuer, rules)) {
    return err({ code: 'metadata-invalid', host: new URL(homeserver).host, field: 'issuer' });
  }
  const issuer = new URL(announced.issuer);
  const sent = await attempt(() =>
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

/** No metadata anywhere: says what there is instead. */
async function unsupported({ homeserver, network }: Search): Promise<DiscoveryFailure> {
  const legacy = await fetchLoginFlows(homeserver, network);
  if (legacy !== 'oauth') return { code: 'oauth-unsupported', homeserver, legacy };
  return {
    code: 'metadata-invalid',
    host: new URL(homeserver).host,
    field: 'auth_metadata',
  };
}
