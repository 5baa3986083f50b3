import { posix } from 'node:path';

/** Where the window's pages live: a scheme of our own, one host. */
export const SCHEME = 'app';
export const ORIGIN = `${SCHEME}://keyfob`;
export const WINDOW_PAGE = `${ORIGIN}/index.html`;

/** What the scheme may do: have an origin, count as safe, be fetched. Nothing more. */
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
 * What the window's page may do: show what came with the app. No other origin, no inline script, no
 * string turned into script, no connection, no frame, no form.
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

/** A file of the built window and the headers it is served with. */
export type PageFile = Readonly<{ path: string; headers: Readonly<Record<string, string>> }>;

/** The file for an address of our scheme, relative to the window's folder; null: there is none such. */
export function pageFile(address: string): PageFile | null {
  if (!URL.canParse(address)) return null;
  const { protocol, host, pathname } = new URL(address);
  if (protocol !== `${SCHEME}:` || host !== 'keyfob') return null;
  // Plain names only: nothing encoded, no dot at a name's start, so nothing can lead out of the folder.
  if (!/^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(pathname)) return null;
  const type = TYPES[posix.extname(pathname)];
  if (type === undefined) return null;
  return { path: pathname.slice(1), headers: headersFor(type, WINDOW_POLICY) };
}

/** The headers of everything that is served: a type that holds, the policy, no trace elsewhere. */
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
