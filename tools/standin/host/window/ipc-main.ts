import { strictEmitter } from '../app/strict-emitter.ts';

type Handler = (event: object, ...args: unknown[]) => unknown;

/** @see {@link https://www.electronjs.org/docs/latest/api/ipc-main} */
export class IpcMain extends strictEmitter('ipcMain') {
  readonly #handlers = new Map<string, Handler>();

  /** @throws Error with Electron's message for a second handler, or one that is not a function */
  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    if (typeof handler !== 'function') {
      throw new Error(`Expected handler to be a function, but found type '${typeof handler}'`);
    }
    this.#handlers.set(channel, handler);
  }

  handleOnce(channel: string, handler: Handler): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel);
      return handler(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** Internal to the stand-in: calls the app's handler. @throws Error with Electron's message if there is none */
  _handle(channel: string, event: object, args: readonly unknown[]): unknown {
    const handler = this.#handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    return handler(event, ...args);
  }
}

/** The `ipcMain` of this process. */
export const ipcMain = new IpcMain().setMaxListeners(0);
