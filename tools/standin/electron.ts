import { app } from './host/app.ts';
import { BrowserWindow } from './host/browser-window.ts';
import { clipboard, ClipboardItem } from './host/clipboard.ts';
import { ipcMain } from './host/ipc-main.ts';
import { Menu, MenuItem } from './host/menu.ts';
import { nativeImage } from './host/native-image.ts';
import { nativeTheme } from './host/native-theme.ts';
import { net } from './host/net.ts';
import { Notification } from './host/notification.ts';
import { powerMonitor } from './host/power-monitor.ts';
import {
  autoUpdater,
  crashReporter,
  dialog,
  globalShortcut,
  systemPreferences,
  utilityProcess,
} from './host/rest.ts';
import { safeStorage } from './host/safe-storage.ts';
import { protocol } from './host/schemes.ts';
import { screen } from './host/screen.ts';
import { session } from './host/session.ts';
import { shell } from './host/shell.ts';
import { Tray } from './host/tray.ts';
import { WebContents } from './host/web-contents.ts';
import type { moduleNames } from './module-names.ts';
import { strictObject } from './strict.ts';

/** What `require('electron')` is in the main process. */
export const electron = strictObject(
  'electron',
  {
    app,
    autoUpdater,
    BrowserWindow,
    clipboard,
    ClipboardItem,
    crashReporter,
    dialog,
    globalShortcut,
    ipcMain,
    Menu,
    MenuItem,
    nativeImage,
    nativeTheme,
    net,
    Notification,
    powerMonitor,
    protocol,
    safeStorage,
    screen,
    session,
    shell,
    systemPreferences,
    Tray,
    utilityProcess,
    webContents: WebContents,
  } satisfies Record<(typeof moduleNames)[number], unknown>,
  ['ipcRenderer', 'contextBridge'],
);
