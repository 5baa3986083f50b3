type Metadata = Readonly<Record<string, unknown>>;
type ParsedUri = Readonly<{ scheme: string; authority: string; host: string; port: string }>;

/**
 * Stricter than a URL parser: lower-case host, few characters in the path, no query, no fragment.
 */
const uriPattern =
  /^([a-z][a-z0-9+.-]*):(?:\/\/((\[::1\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::([0-9]+))?))?(\/[A-Za-z0-9/._~-]*)?$/;
const loopback = ['localhost', '127.0.0.1', '0.0.0.0', '[::1]'];

/** The violations of MAS's default policy by a client, one message each; empty: none. */
export function policyViolations(metadata: Metadata): readonly string[] {
  const found: string[] = [];
  const clientUri = metadata.client_uri;
  if (clientUri === undefined) found.push('missing client_uri');
  else if (!isSecure(clientUri)) found.push('invalid client_uri');

  for (const name of ['tos_uri', 'policy_uri', 'logo_uri']) {
    const value = metadata[name];
    if (value === undefined) continue;
    if (!isSecure(value)) found.push(`invalid ${name}`);
    if (!sharesHost(clientUri, value)) {
      found.push(`${name} not on the same host as the client_uri`);
    }
  }

  const grants = strings(metadata.grant_types);
  const isPublic = metadata.token_endpoint_auth_method === 'none';
  if (grants.includes('client_credentials') && isPublic) {
    found.push('client_credentials grant_type requires some form of client authentication');
  }
  const redirects = strings(metadata.redirect_uris);
  const needsRedirects = grants.includes('authorization_code') || grants.includes('implicit');
  if (needsRedirects && redirects.length === 0) {
    found.push('invalid redirect_uris: it must have at least one redirect_uri');
  }
  if (!redirects.every((uri) => isGoodRedirect(metadata, uri))) found.push('invalid redirect_uri');
  return found;
}

function isGoodRedirect(metadata: Metadata, uri: string): boolean {
  const clientUri = metadata.client_uri;
  if (isSecure(uri) && sharesHost(clientUri, uri)) return true;
  const parsed = parseUri(uri);
  if (metadata.application_type !== 'native' || parsed === null) return false;
  if (parsed.scheme === 'http') return loopback.includes(parsed.host) && parsed.port === '';
  const client = parseUri(clientUri);
  if (parsed.scheme === 'https' || parsed.authority !== '' || client === null) return false;
  const reversed = client.host.split('.').toReversed().join('.');
  return parsed.scheme === reversed || parsed.scheme.startsWith(`${reversed}.`);
}

function isSecure(value: unknown): boolean {
  const uri = parseUri(value);
  return uri?.scheme === 'https' && !loopback.includes(uri.host) && uri.port === '';
}

function sharesHost(clientUri: unknown, value: unknown): boolean {
  const base = parseUri(clientUri);
  const uri = parseUri(value);
  if (base === null || uri === null) return false;
  return uri.host === base.host || uri.host.endsWith(`.${base.host}`);
}

function parseUri(value: unknown): ParsedUri | null {
  const match = typeof value === 'string' ? uriPattern.exec(value) : null;
  if (match === null) return null;
  const [, scheme = '', authority = '', host = '', port = ''] = match;
  return { scheme, authority, host, port };
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
