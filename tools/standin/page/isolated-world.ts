/// <reference lib="dom" />
import { Bridge } from './bridge.ts';
import { PageEmitter } from './emitter.ts';
import { ipcRendererOver } from './ipc-renderer.ts';
import { bindingName } from './messages.ts';
import type { FromPage, OpenRequest, ProcessFacts } from './messages.ts';
import { electronForPreload, preloadRequire, timers } from './preload-modules.ts';
import { reportSilentNavigations } from './silent-navigations.ts';
import { reportClicks } from './window-clicks.ts';

/** A sandboxed preload: its source as the body of a function, whose parameters are what Electron provides. */
export type Preload = (
  require: (name: string) => unknown,
  process: object,
  global: typeof globalThis,
  setImmediate: unknown,
  clearImmediate: unknown,
  exports: object,
  module: { exports: object },
) => void;

/** Runs in the isolated world of every document, before any script of the page. */
export function start(token: string, facts: ProcessFacts, path: string, preload: Preload): void {
  const isTop = window === window.top;
  if (isTop && location.href === 'about:blank') return;
  const tell = takeBinding();
  const hub = document.createElement('i');
  window.dispatchEvent(new MouseEvent(token, { relatedTarget: hub }));
  const open = (request: OpenRequest): void => tell({ type: 'open', ...request });
  hub.addEventListener('open', (event) => open((event as CustomEvent<OpenRequest>).detail)); // from main-world.ts
  reportClicks(open);
  reportSilentNavigations((url) => tell({ type: 'leave', url }));
  if (isTop) runPreload(tell, hub, facts, path, preload);
}

function runPreload(
  tell: (message: FromPage) => void,
  hub: Element,
  facts: ProcessFacts,
  path: string,
  preload: Preload,
): void {
  const ipcRenderer = ipcRendererOver(tell);
  // As in Electron 29 and later, it crosses the bridge as an empty object.
  const bridge = new Bridge('isolated', hub, [ipcRenderer]);
  const require = preloadRequire(electronForPreload(bridge, ipcRenderer));
  const process = Object.assign(new PageEmitter(), facts);
  const module = { exports: {} };
  const { setImmediate, clearImmediate } = timers;
  try {
    preload(require, process, globalThis, setImmediate, clearImmediate, module.exports, module);
  } catch (error) {
    // eslint-disable-next-line no-console -- the same message in the same place as Electron
    console.error(`Unable to load preload script: ${path}\n${String(error)}`);
    const stack = error instanceof Error ? (error.stack ?? '') : '';
    tell({ type: 'preload-error', message: String(error), stack });
  }
}

/** Takes the binding to the host off the global object, so that the preload sees the same globals as in Electron. */
function takeBinding(): (message: FromPage) => void {
  const holder = globalThis as unknown as Record<string, (text: string) => void>; // put there by the host
  const send = holder[bindingName]!;
  Reflect.deleteProperty(holder, bindingName);
  return (message) => send(JSON.stringify(message));
}
