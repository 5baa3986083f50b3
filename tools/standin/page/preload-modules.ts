/// <reference lib="dom" />
import { strictObject } from '../strict.ts';
import type { Bridge } from './bridge.ts';
import { PageEmitter } from './emitter.ts';

/** Node's timers, as a sandboxed preload has them. */
export const timers = {
  setTimeout: setTimeout.bind(globalThis),
  clearTimeout: clearTimeout.bind(globalThis),
  setInterval: setInterval.bind(globalThis),
  clearInterval: clearInterval.bind(globalThis),
  setImmediate: (run: (...args: unknown[]) => void, ...args: unknown[]): unknown =>
    setTimeout(run, 0, ...args),
  clearImmediate: (handle: number): void => clearTimeout(handle),
};

/** What `require('electron')` returns in a sandboxed preload. */
export function electronForPreload(bridge: Bridge, ipcRenderer: object): object {
  const contextBridge = strictObject('contextBridge', {
    exposeInMainWorld: (key: string, api: unknown): void => bridge.expose(key, api),
  });
  return strictObject('electron', { contextBridge, ipcRenderer });
}

/**
 * The `require` of a sandboxed preload: a handful of modules and nothing else.
 *
 * @see {@link https://www.electronjs.org/docs/latest/tutorial/sandbox#preload-scripts}
 */
export function preloadRequire(electron: object): (name: string) => unknown {
  const events = Object.assign(PageEmitter, { EventEmitter: PageEmitter });
  const modules: Readonly<Record<string, unknown>> = {
    electron,
    'electron/renderer': electron,
    'electron/common': electron,
    events,
    timers,
    url: { URL, URLSearchParams },
  };
  return (name) => {
    const plain = name.replace(/^node:/, '');
    if (Object.hasOwn(modules, plain)) return modules[plain];
    throw new Error(`module not found: ${name}`);
  };
}
