import type { Pushes, Requests } from './contract.ts';

/** The part of Electron's `ipcRenderer` that the bridge uses; tests pass their own. */
export interface IpcPort {
  invoke(channel: string, ...args: readonly unknown[]): Promise<unknown>;
  on(channel: string, listener: IpcListener): unknown;
  removeListener(channel: string, listener: IpcListener): unknown;
}

/** A listener for one push. The event gives access to `ipcRenderer`, so it isn't passed on. */
export type IpcListener = (event: unknown, ...args: readonly unknown[]) => void;

/** The window's method for each request. A missing one doesn't compile. */
const METHODS = {
  'app:snapshot': 'snapshot',
  'app:quit': 'quit',
  'window:hide': 'hideWindow',
  'notice:dismiss': 'dismissNotice',
  'client:defaults': 'clientDefaults',
  'client:check': 'checkClient',
  'login:start': 'startLogin',
  'login:cancel': 'cancelLogin',
  'login:answer': 'answerLogin',
  'login:retry': 'retryLogin',
  'login:copy-code': 'copyCode',
  'login:open-link': 'openLink',
  'account:copy': 'copyAccount',
  'account:refresh': 'refreshAccount',
  'account:check': 'checkAccount',
  'account:rename': 'renameAccount',
  'account:set-policy': 'setPolicy',
  'account:sign-out': 'signOut',
  'account:forget': 'forgetAccount',
  'account:sign-in': 'signIn',
  'account:open-page': 'openAccountPage',
  'settings:change': 'changeSettings',
  'exchange:list': 'listExchanges',
  'exchange:copy-curl': 'copyCurl',
  'exchange:clear': 'clearExchanges',
} as const satisfies MethodNames;

/** A method name for every request, and for nothing else. */
export type MethodNames = Readonly<Record<keyof Requests, string>>;

/** The window's subscribe method for each push. */
const LISTENERS = {
  'app:changed': 'onChanged',
  'exchange:added': 'onExchange',
} as const satisfies Readonly<Record<keyof Pushes, string>>;

type Methods = {
  readonly [C in keyof Requests as (typeof METHODS)[C]]: (
    ...args: Parameters<Requests[C]>
  ) => Promise<ReturnType<Requests[C]>>;
};

type Listeners = {
  readonly [C in keyof Pushes as (typeof LISTENERS)[C]]: (
    listener: (pushed: Pushes[C]) => void,
  ) => () => void;
};

/**
 * The window's whole API: one method per request, which resolves to main's reply and rejects only on a bug;
 * `onChanged` and `onExchange` subscribe to pushes and return the undo.
 */
export type Bridge = Methods & Listeners;

/** Builds the window's API. No method takes a channel name. */
export function createBridge(ipc: IpcPort): Bridge {
  const methods = Object.entries(METHODS).map(([channel, method]) => [
    method,
    (...args: readonly unknown[]) => ipc.invoke(channel, ...args),
  ]);
  const listeners = Object.entries(LISTENERS).map(([channel, method]) => [
    method,
    (listener: unknown) => subscribe(ipc, channel, demandListener(channel, listener)),
  ]);
  // The two tables above name every member of `Bridge`; TypeScript cannot follow that through entries.
  return Object.fromEntries([...methods, ...listeners]) as Bridge;
}

function subscribe(ipc: IpcPort, channel: string, listener: (pushed: unknown) => void): () => void {
  const heard: IpcListener = (_event, pushed) => listener(pushed);
  ipc.on(channel, heard);
  return () => {
    ipc.removeListener(channel, heard);
  };
}

/** Anything but a function would throw at the next push, which then wouldn't reach later listeners. */
function demandListener(channel: string, listener: unknown): (pushed: unknown) => void {
  if (typeof listener !== 'function') throw new TypeError(`${channel}: a listener is a function`);
  return listener as (pushed: unknown) => void; // the contract's types say so
}
