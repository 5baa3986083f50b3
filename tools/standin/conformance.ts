import type * as Declared from 'electron';
import type { EventEmitter } from 'node:events';
import type { electron } from './electron.ts';
import type { ClipboardItem } from './host/system/clipboard.ts';
import type { downloadItem } from './host/session/downloads.ts';
import type { WebFrameMain } from './host/window/frames.ts';
import type { NativeImage } from './host/system/native-image.ts';

// Compile-time only. Checks the stand-in against Electron's own declarations: every name that it provides must
// exist there, and must return a promise exactly where Electron's does.

type Ours = typeof electron;

/** The names that a type itself provides: without those of every emitter and those internal to the stand-in. */
type Offered<T> = Exclude<keyof T & string, keyof EventEmitter | `_${string}`>;

type IsPromise<F> = F extends (...args: never[]) => infer Result
  ? [Result] extends [never]
    ? false
    : Result extends Promise<unknown>
      ? true
      : false
  : false;

type UnknownName<Theirs, Mine> = Exclude<Offered<Mine>, keyof Theirs>;

type WrongPromise<Theirs, Mine> = {
  [K in Offered<Mine> & keyof Theirs]: [IsPromise<Mine[K]>] extends [IsPromise<Theirs[K]>]
    ? never
    : K;
}[Offered<Mine> & keyof Theirs];

type Pairs = {
  module: [typeof Declared, Ours];
  app: [Declared.App, Ours['app']];
  commandLine: [Declared.CommandLine, Ours['app']['commandLine']];
  BrowserWindow: [Declared.BrowserWindow, InstanceType<Ours['BrowserWindow']>];
  BrowserWindowClass: [typeof Declared.BrowserWindow, Omit<Ours['BrowserWindow'], EmitterStatic>];
  webContents: [Declared.WebContents, InstanceType<Ours['webContents']>];
  webContentsModule: [typeof Declared.webContents, Omit<Ours['webContents'], EmitterStatic>];
  WebFrameMain: [Declared.WebFrameMain, WebFrameMain];
  clipboard: [Declared.Clipboard, Ours['clipboard']];
  ClipboardItem: [Declared.ClipboardItem, ClipboardItem];
  DownloadItem: [Declared.DownloadItem, ReturnType<typeof downloadItem>];
  globalShortcut: [Declared.GlobalShortcut, Ours['globalShortcut']];
  dialog: [Declared.Dialog, Ours['dialog']];
  ipcMain: [Declared.IpcMain, Ours['ipcMain']];
  Menu: [Declared.Menu, InstanceType<Ours['Menu']>];
  MenuItem: [Declared.MenuItem, InstanceType<Ours['MenuItem']>];
  nativeImage: [typeof Declared.nativeImage, Ours['nativeImage']];
  NativeImage: [Declared.NativeImage, NativeImage];
  nativeTheme: [Declared.NativeTheme, Ours['nativeTheme']];
  net: [Declared.Net, Ours['net']];
  Notification: [Declared.Notification, InstanceType<Ours['Notification']>];
  powerMonitor: [Declared.PowerMonitor, Ours['powerMonitor']];
  protocol: [Declared.Protocol, Ours['protocol']];
  safeStorage: [Declared.SafeStorage, Ours['safeStorage']];
  screen: [Declared.Screen, Ours['screen']];
  session: [Declared.Session, Ours['session']['defaultSession']];
  webRequest: [Declared.WebRequest, Ours['session']['defaultSession']['webRequest']];
  shell: [Declared.Shell, Ours['shell']];
  Tray: [Declared.Tray, InstanceType<Ours['Tray']>];
};

type EmitterStatic = keyof typeof EventEmitter;

type Complaint = {
  [K in keyof Pairs]:
    | (UnknownName<Pairs[K][0], Pairs[K][1]> extends infer Name extends string
        ? `${K}.${Name} is not in electron.d.ts`
        : never)
    | (WrongPromise<Pairs[K][0], Pairs[K][1]> extends infer Name extends string
        ? `${K}.${Name} is a promise on one side only`
        : never);
}[keyof Pairs];

/** Does not compile while there are violations; the compiler error names them. */
export const standinConforms: [Complaint] extends [never] ? true : Complaint = true;
