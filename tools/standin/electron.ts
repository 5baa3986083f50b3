import { app } from './host/app/app.ts';
import { BrowserWindow } from './host/window/browser-window.ts';
import { clipboard, ClipboardItem } from './host/system/clipboard.ts';
import { ipcMain } from './host/window/ipc-main.ts';
import { Menu, MenuItem } from './host/system/menu.ts';
import { nativeImage } from './host/system/native-image.ts';
import { nativeTheme } from './host/system/native-theme.ts';
import { net } from './host/session/net.ts';
import { Notification } from './host/system/notification.ts';
import { powerMonitor } from './host/system/power-monitor.ts';
import {
  autoUpdater,
  crashReporter,
  dialog,
  globalShortcut,
  systemPreferences,
  utilityProcess,
} from './host/app/rest.ts';
import { safeStorage } from './host/system/safe-storage.ts';
import { protocol } from './host/session/schemes.ts';
import { screen } from './host/system/screen.ts';
import { session } from './host/session/session.ts';
import { shell } from './host/system/shell.ts';
import { Tray } from './host/system/tray.ts';
import { WebContents } from './host/window/web-contents.ts';
import type { moduleNames } from './module-names.ts';
import { strictObject } from './strict.ts';

/** What `require('electron')` returns in the main process. */
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
