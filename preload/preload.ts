import { contextBridge, ipcRenderer } from 'electron';
import { createBridge } from './bridge.ts';

// The window gets named methods, never `ipcRenderer` itself, so it can only send the contract's requests.
contextBridge.exposeInMainWorld(
  'keyfob',
  createBridge({
    invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
    on: (channel, listener) => ipcRenderer.on(channel, listener),
    removeListener: (channel, listener) => ipcRenderer.removeListener(channel, listener),
  }),
);
