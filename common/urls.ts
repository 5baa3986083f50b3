/**
 * The URL that `text` is, or null. Not `URL.canParse`: in Node 20 and 22 it answers false for a name such as
 * `bücher.example` once it has been called a few thousand times.
 *
 * @param base what a relative `text` is resolved against
 */
export function parseUrl(text: string, base?: URL): URL | null {
  try {
    return new URL(text, base);
  } catch {
    // The constructor has no other way to say that this is no URL.
    return null;
  }
}

/** Whether hosts on this machine are allowed: only where the person typed one. */
export type UrlRules = Readonly<{ loopback: boolean }>;

const MAX_LENGTH = 2048;

/** Spaces, control and format characters, and the backslash that URL parsers read as a slash. */
const SUSPICIOUS = /[\s\p{Cc}\p{Cf}\p{Cs}\\]/u;

/** A scheme and two slashes are spelled out, and nothing stands before an `@` in the authority. */
const ABSOLUTE_WITHOUT_USERINFO = /^https?:\/\/[^/?#@]+(?:[/?#]|$)/i;

/**
 * Whether `host` names this very machine: `localhost`, `*.localhost`, 127.0.0.0/8, `[::1]`. Takes
 * a host as `URL.hostname` gives it.
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
 * A URL that we send requests to, or null: absolute, https, no userinfo, no fragment, at most 2048
 * characters, none of them invisible.
 *
 * A host on this machine needs `loopback`, over https too, and may then be plain http: a server on
 * the internet must not be able to point us at this machine's own services.
 */
export function endpointUrl(text: string, rules: UrlRules): URL | null {
  return text.includes('#') ? null : safeLink(text, rules);
}

/**
 * A link that a person may open, or null: the rules of {@link endpointUrl}, but a fragment is
 * allowed. Hand the system its `href`, not the text.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628.html#section-5.4 RFC 8628 §5.4}
 */
export function safeLink(text: string, rules: UrlRules): URL | null {
  if (text.length > MAX_LENGTH || SUSPICIOUS.test(text)) return null;
  const url = ABSOLUTE_WITHOUT_USERINFO.test(text) ? parseUrl(text) : null;
  return url !== null && url.href.length <= MAX_LENGTH && mayVisit(url, rules) ? url : null;
}

/**
 * Whether a URL is one we talk to at all: https without userinfo; on this machine, only where
 * `loopback` says so, and then plain http as well.
 */
export function mayVisit(url: URL, rules: UrlRules): boolean {
  if (url.username !== '' || url.password !== '') return false;
  if (isLoopbackUrl(url)) {
    return rules.loopback && (url.protocol === 'https:' || url.protocol === 'http:');
  }
  return url.protocol === 'https:';
}

/** The URL of a homeserver's API path: `/_matrix/...` under the base URL, whose own path is kept. */
export function apiUrl(homeserver: string, path: `/${string}`): URL {
  return new URL(withoutTrailingSlashes(homeserver) + path);
}

/** `https://example.org/matrix///` -> `https://example.org/matrix`. */
export function withoutTrailingSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === '/') end -= 1;
  return text.slice(0, end);
}
