import { pack } from '../codec/pack.ts';
import { unpack } from '../codec/unpack.ts';
import { strictObject } from '../strict.ts';
import { PageEmitter } from './emitter.ts';
import { receiverName } from './messages.ts';
import type { FromPage, ToPage } from './messages.ts';

type Waiting = Readonly<{
  channel: string;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}>;

/** The preload's `ipcRenderer`: messages both ways, and requests with one response. */
export function ipcRendererOver(tell: (message: FromPage) => void): object {
  const emitter = new PageEmitter();
  const waiting = new Map<number, Waiting>();
  let lastId = 0;

  const ipcRenderer = strictObject('ipcRenderer', {
    ...methodsOf(emitter),
    send: (channel: string, ...args: unknown[]): void =>
      tell({ type: 'send', channel, args: pack(args) }),
    invoke: async (channel: string, ...args: unknown[]): Promise<unknown> => {
      const packed = pack(args);
      lastId += 1;
      const id = lastId;
      const answer = new Promise((resolve, reject) => {
        waiting.set(id, { channel, resolve, reject });
      });
      tell({ type: 'invoke', id, channel, args: packed });
      return answer;
    },
  });

  const receive = (message: ToPage): void => {
    if (message.type === 'event') {
      const args = unpack(message.args) as unknown[]; // main sends its arguments as a list
      emitter.emit(message.channel, { sender: ipcRenderer, ports: [] }, ...args);
      return;
    }
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === 'result') asked?.resolve(unpack(message.value));
    else asked?.reject(remoteError(asked.channel, message.message));
  };
  Object.defineProperty(globalThis, receiverName, { value: receive });
  return ipcRenderer;
}

function remoteError(channel: string, message: string): Error {
  return new Error(`Error invoking remote method '${channel}': ${message}`);
}

/** The emitter's public methods, bound so that they can be spread into another object. */
function methodsOf(emitter: PageEmitter) {
  type Name = string | symbol;
  type Listener = Parameters<PageEmitter['on']>[1];
  return {
    on: (name: Name, listener: Listener) => emitter.on(name, listener),
    addListener: (name: Name, listener: Listener) => emitter.on(name, listener),
    once: (name: Name, listener: Listener) => emitter.once(name, listener),
    off: (name: Name, listener: Listener) => emitter.off(name, listener),
    removeListener: (name: Name, listener: Listener) => emitter.off(name, listener),
    removeAllListeners: (name?: Name) => emitter.removeAllListeners(name),
    listenerCount: (name: Name) => emitter.listenerCount(name),
    eventNames: () => emitter.eventNames(),
  };
}
