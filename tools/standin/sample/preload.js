/* eslint-disable @typescript-eslint/no-require-imports -- a sandboxed preload is CommonJS */
const { contextBridge, ipcRenderer } = require('electron');

const mark = Symbol('mark');
const secret = { of: 'the isolated world' };

contextBridge.exposeInMainWorld('api', {
  text: 'plain',
  nested: { list: [1, new Date(0), new Map([['a', 1]])] },
  mark,
  ipcRenderer,
  add: (a, b) => a + b,
  isMark: (value) => value === mark,
  callBack: (run) => run('from the preload'),
  later: (value) => Promise.resolve(value),
  tag: (element) => element.tagName,
  fail: () => {
    throw new RangeError('out of reach');
  },
  failStrangely: () => {
    throw secret;
  },
  failLater: () => Promise.reject(new Error('too late')),
  invoke: (channel, value) => ipcRenderer.invoke(channel, value),
  tell: (what) => ipcRenderer.send('tell', what),
  onTold: (listener) => ipcRenderer.on('told', (_event, value) => listener(value)),
  bindAgain: () => contextBridge.exposeInMainWorld('api', {}),
  sendSync: () => ipcRenderer.sendSync('tell'),
  modules: () =>
    ['events', 'timers', 'url', 'node:events', 'fs', 'node:child_process'].map((name) => {
      try {
        return typeof require(name);
      } catch (error) {
        return error.message;
      }
    }),
});
