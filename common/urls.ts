/**
 * Parses a URL; null if `text` is not one. Not with `URL.canParse`: on Node 20 and 22 it returns false for
 * a name such as `bücher.example` after a few thousand calls.
 *
 * @param base for a relative `text`
 */
export function parseUrl(text: string, base?: URL): URL | null {
  try {
    return new URL(text, base);
  } catch {
    // The constructor throws for anything that is not a URL.
    return null;
  }
}

/** Whether hosts on this machine are allowed: only if the person typed one. */
export type UrlRules = Readonly<{ loopback: boolean }>;

const MAX_LENGTH = 2048;

/** Spaces, control and format characters, and the backslash that URL parsers read as a slash. */
const SUSPICIOUS = /[\s\p{Cc}\p{Cf}\p{Cs}\\]/u;

/** An explicit scheme with two slashes, and no userinfo before an `@` in the authority. */
const ABSOLUTE_WITHOUT_USERINFO = /^https?:\/\/[^/?#@]+(?:[/?#]|$)/i;

/**
 * Whether `host` is this machine: `localhost`, `*.localhost`, 127.0.0.0/8, `[::1]`. Takes a host in the
 * form of `URL.hostname`.
 */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  if (name === '[::1]' || name === '::1') return true;
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

/** {@link isLoopback} for the host of a URL. */
export function isLoopbackUrl(url: URL): boolean {
  return isLoopback(url.hostname);
}

/** The host of a link, with its port; the text itself where it is no link. */
export function hostOf(link: string): string {
  const host = URL.canParse(link) ? new URL(link).host : '';
  return host === '' ? link : host;
}

/**
 * Parses a URL to send requests to: absolute, https, no userinfo, no fragment, at most 2048 characters,
 * none of them invisible. null for any other text.
 *
 * A host on this machine requires `loopback`, also over https, and may then be plain http: a server on the
 * internet must not be able to direct requests to services on this machine.
 */
export function endpointUrl(text: string, rules: UrlRules): URL | null {
  return text.includes('#') ? null : safeLink(text, rules);
}

/**
 * Parses a link that is safe to open: like {@link endpointUrl}, but a fragment is allowed. null for any
 * other text. Open its `href`, not the text.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628.html#section-5.4 RFC 8628 §5.4}
 */
export function safeLink(text: string, rules: UrlRules): URL | null {
  if (text.length > MAX_LENGTH || SUSPICIOUS.test(text)) return null;
  const url = ABSOLUTE_WITHOUT_USERINFO.test(text) ? parseUrl(text) : null;
  return url !== null && url.href.length <= MAX_LENGTH && isAllowedUrl(url, rules) ? url : null;
}

/**
 * Whether Keyfob may use a URL at all: https without userinfo; on this machine only with `loopback`, and
 * then plain http as well.
 */
export function isAllowedUrl(url: URL, rules: UrlRules): boolean {
  if (url.username !== '' || url.password !== '') return false;
  if (isLoopbackUrl(url)) {
    return rules.loopback && (url.protocol === 'https:' || url.protocol === 'http:');
  }
  return url.protocol === 'https:';
}

/** The URL of an API path (`/_matrix/...`) at a homeserver; the base URL's own path is kept. */
export function apiUrl(homeserver: string, path: `/${string}`): URL {
  return new URL(withoutTrailingSlashes(homeserver) + path);
}

/** `https://example.org/matrix///` -> `https://example.org/matrix`. */
export function withoutTrailingSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === '/') end -= 1;
  return text.slice(0, end);
}
