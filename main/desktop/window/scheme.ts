import { posix } from 'node:path';

/** The app's own scheme, with one host, which serves the window's pages. */
export const SCHEME = 'app';
export const ORIGIN = `${SCHEME}://keyfob`;
export const WINDOW_PAGE = `${ORIGIN}/index.html`;

/** The scheme's privileges: an origin, a secure context, fetch. Nothing more. */
export const PRIVILEGES = { standard: true, secure: true, supportFetchAPI: true } as const;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/**
 * The window's content security policy: only files that ship with the app. No other origin, inline script,
 * eval, connection, frame or form.
 */
export const WINDOW_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** A file of the built window and its response headers. */
export type PageFile = Readonly<{ path: string; headers: Readonly<Record<string, string>> }>;

/** The file for an address of our scheme, relative to the window's folder; null: not a valid address. */
export function pageFile(address: string): PageFile | null {
  if (!URL.canParse(address)) return null;
  const { protocol, host, pathname } = new URL(address);
  if (protocol !== `${SCHEME}:` || host !== 'keyfob') return null;
  // Plain names only, nothing encoded and no leading dot, so that no path can leave the folder.
  if (!/^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(pathname)) return null;
  const type = TYPES[posix.extname(pathname)];
  if (type === undefined) return null;
  return { path: pathname.slice(1), headers: headersFor(type, WINDOW_POLICY) };
}

/** The headers of every response: type without sniffing, content security policy, isolation, no caching. */
export function headersFor(type: string, policy: string): Readonly<Record<string, string>> {
  return {
    'content-type': type,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
}
