import { demandReady, running } from '../app/running.ts';
import { strictObject } from '../../strict.ts';

type Handler = (request: Request) => Response | Promise<Response>;
type Privileges = Readonly<{ standard?: boolean; secure?: boolean; supportFetchAPI?: boolean }>;

const privileges = new Map<string, Privileges>();
const handlers = new Map<string, Handler>();
let onChange: () => void = () => undefined;

const suffix = 'standin.invalid';

/**
 * The address that Chromium loads for a URL of a custom scheme: `app://host/x` becomes
 * `https://host.app.standin.invalid/x`, a secure origin of its own that can't exist. Other URLs are unchanged.
 */
export function toWire(url: string): string {
  const [, scheme, host, rest] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url) ?? [];
  if (scheme === undefined || rest === undefined || !handlers.has(scheme)) return url;
  return `https://${host === '' || host === undefined ? 'host' : host}.${scheme}.${suffix}${rest || '/'}`;
}

/** The inverse of `toWire()`. */
export function fromWire(url: string): string {
  const [whole, host, scheme] =
    /^https:\/\/([^/?#]*)\.([a-z0-9+-]+)\.standin\.invalid/i.exec(url) ?? [];
  if (whole === undefined || host === undefined || scheme === undefined) return url;
  return handlers.has(scheme) ? `${scheme}://${host}${url.slice(whole.length)}` : url;
}

/** The handler for a URL as the app sees it; undefined if Chromium handles it. */
export function schemeOf(url: string): { handler: Handler; privileges: Privileges } | undefined {
  const scheme = url.split(':', 1)[0] ?? '';
  const handler = handlers.get(scheme);
  return handler === undefined ? undefined : { handler, privileges: privileges.get(scheme) ?? {} };
}

export function hasSchemes(): boolean {
  return handlers.size > 0;
}

/** Calls back when a scheme handler is added or removed. */
export function onSchemesChanged(listener: () => void): void {
  onChange = listener;
}

/** @see {@link https://www.electronjs.org/docs/latest/api/protocol} */
export const protocol = strictObject('protocol', {
  registerSchemesAsPrivileged(
    schemes: readonly Readonly<{ scheme: string; privileges?: Privileges }>[],
  ): void {
    if (running.ready) {
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    }
    for (const { scheme, privileges: granted } of schemes) privileges.set(scheme, granted ?? {});
  },

  /** Stricter than Electron: a scheme for pages must be standard and secure. */
  handle(scheme: string, handler: Handler): void {
    demandReady('Cannot handle a protocol');
    if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    const granted = privileges.get(scheme);
    if (granted?.standard !== true || granted.secure !== true) {
      throw new Error(
        `electron stand-in: protocol.handle('${scheme}') without the standard and secure privileges is not provided`,
      );
    }
    handlers.set(scheme, handler);
    onChange();
  },

  unhandle(scheme: string): void {
    handlers.delete(scheme);
    onChange();
  },

  isProtocolHandled: (scheme: string): boolean =>
    handlers.has(scheme) || ['file', 'http', 'https'].includes(scheme),
});
