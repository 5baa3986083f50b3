import type * as Electron from 'electron';
import { acceptQuietly } from '../app/quiet.ts';
import { strictEmitter } from '../app/strict-emitter.ts';
import { strictObject } from '../../strict.ts';
import { urlFilter } from './url-filter.ts';
import type { WebContents } from '../window/web-contents.ts';

type RequestHandler = (
  contents: WebContents,
  permission: string,
  callback: (granted: boolean) => void,
  details: object,
) => void;
type CheckHandler = (
  contents: WebContents,
  permission: string,
  origin: string,
  details: object,
) => boolean;

/** The response of a webRequest listener, as far as it is provided. */
export type RequestAnswer = Readonly<{
  cancel?: boolean;
  redirectURL?: string;
  responseHeaders?: Record<string, string | string[]>;
}>;
type RequestListener = (details: object, callback: (answer?: RequestAnswer) => void) => void;
type Filter = Readonly<{ urls: readonly string[] }>;

/** A listener with its filter. */
type Watch = Readonly<{ matches: (url: string) => boolean; listener: RequestListener }>;

/** What the app has set on its session. */
export const sessionHooks: {
  permissionRequest: RequestHandler | null;
  permissionCheck: CheckHandler | null;
  beforeRequest: Watch | null;
  headersReceived: Watch | null;
} = { permissionRequest: null, permissionCheck: null, beforeRequest: null, headersReceived: null };

let onChange: () => void = () => undefined;

/** Calls back when the app adds or removes a request listener. */
export function onWebRequestChanged(listener: () => void): void {
  onChange = listener;
}

/** Calls the app's listener for a request; undefined if no listener matches. */
export async function askListener(
  watch: Watch | null,
  details: Readonly<{ url: string }>,
): Promise<RequestAnswer | undefined> {
  if (watch?.matches(details.url) !== true) return undefined;
  const answer = await new Promise<RequestAnswer | undefined>((resolve) => {
    watch.listener(details, resolve);
  });
  if (answer?.redirectURL !== undefined) {
    throw new Error('electron stand-in: webRequest redirectURL is not provided');
  }
  return answer;
}

type WatchArguments =
  [listener: RequestListener | null] | [filter: Filter, listener: RequestListener | null];

function watcher(hook: 'beforeRequest' | 'headersReceived') {
  return (...args: WatchArguments): void => {
    const [filter, listener] = args.length === 1 ? [{ urls: ['<all_urls>'] }, args[0]] : args;
    sessionHooks[hook] = listener === null ? null : { matches: urlFilter(filter.urls), listener };
    onChange();
  };
}

const webRequest = strictObject('session.webRequest', {
  onBeforeRequest: watcher('beforeRequest'),
  onHeadersReceived: watcher('headersReceived'),
});

/** @see {@link https://www.electronjs.org/docs/latest/api/session} */
class Session extends strictEmitter('session') {
  readonly webRequest = webRequest;

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    sessionHooks.permissionRequest = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    sessionHooks.permissionCheck = handler;
  }

  clearCache(): Promise<void> {
    return Promise.resolve();
  }

  clearStorageData(): Promise<void> {
    return Promise.resolve();
  }
}

// No device or screen is ever available to choose.
acceptQuietly(Session.prototype, [
  'setDevicePermissionHandler',
  'setDisplayMediaRequestHandler',
  'setSpellCheckerEnabled',
] satisfies readonly (keyof Electron.Session)[]);

/** The default session. Partitions are not provided. */
export const defaultSession = new Session();

export const session = strictObject('session', { defaultSession });
