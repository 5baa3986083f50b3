import type * as Electron from 'electron';
import { join } from 'node:path';
import { choosePath, pathOf } from './app-paths.ts';
import { takeInstanceLock } from './instance-lock.ts';
import { Menu } from '../system/menu.ts';
import { emitPreventable, PreventableEvent } from './preventable.ts';
import { acceptQuietly } from './quiet.ts';
import { running } from './running.ts';
import { strictEmitter } from './strict-emitter.ts';
import { strictObject } from '../../strict.ts';
import { windows } from '../window/window-list.ts';

type LoginItem = { openAtLogin?: boolean };

const exitProcess = process.exit.bind(process);
let resolveReady: () => void;
const ready = new Promise<void>((resolve) => {
  resolveReady = resolve;
});

const commandLine = strictObject('app.commandLine', {
  appendSwitch: (name: string, value = ''): void => void running.switches.set(name, value),
  appendArgument: (argument: string): void => void running.switches.set(argument, ''),
  hasSwitch: (name: string): boolean => running.switches.has(name),
  getSwitchValue: (name: string): string => running.switches.get(name) ?? '',
  removeSwitch: (name: string): void => void running.switches.delete(name),
});

/** @see {@link https://www.electronjs.org/docs/latest/api/app} */
export class App extends strictEmitter('app', process.platform === 'darwin' ? [] : ['dock']) {
  readonly commandLine = commandLine;
  readonly isPackaged = false;
  #openAtLogin = false;
  #releaseLock: (() => void) | undefined;

  get name(): string {
    return running.name;
  }

  set name(name: string) {
    running.name = name;
  }

  get applicationMenu(): Menu | null {
    return Menu.getApplicationMenu();
  }

  set applicationMenu(menu: Menu | null) {
    Menu.setApplicationMenu(menu);
  }

  getName(): string {
    return running.name;
  }

  setName(name: string): void {
    running.name = name;
  }

  getVersion(): string {
    return running.version;
  }

  getAppPath(): string {
    return running.folder;
  }

  getPath(name: string): string {
    return pathOf(name);
  }

  setPath(name: string, path: string): void {
    choosePath(name, path);
  }

  setAppLogsPath(path = join(pathOf('userData'), 'logs')): void {
    choosePath('logs', path);
  }

  getLocale(): string {
    return 'en-US';
  }

  getSystemLocale(): string {
    return 'en-US';
  }

  getPreferredSystemLanguages(): string[] {
    return ['en-US'];
  }

  isReady(): boolean {
    return running.ready;
  }

  whenReady(): Promise<void> {
    return ready;
  }

  setBadgeCount(_count?: number): boolean {
    return false;
  }

  disableHardwareAcceleration(): void {
    if (running.ready) {
      throw new Error('app.disableHardwareAcceleration() can only be called before app is ready');
    }
  }

  enableSandbox(): void {
    if (running.ready)
      throw new Error('app.enableSandbox() can only be called before app is ready');
  }

  setLoginItemSettings({ openAtLogin = false }: LoginItem): void {
    this.#openAtLogin = openAtLogin;
  }

  getLoginItemSettings() {
    return {
      openAtLogin: this.#openAtLogin,
      openAsHidden: false,
      wasOpenedAtLogin: false,
      wasOpenedAsHidden: false,
      restoreState: false,
      status: this.#openAtLogin ? 'enabled' : 'not-registered',
      executableWillLaunchAtLogin: this.#openAtLogin,
      launchItems: [],
    };
  }

  requestSingleInstanceLock(data: unknown = {}): boolean {
    if (this.#releaseLock !== undefined) return true;
    const message = { argv: process.argv, cwd: process.cwd(), data };
    this.#releaseLock = takeInstanceLock(pathOf('userData'), message, (second) => {
      this.emit('second-instance', new PreventableEvent(), second.argv, second.cwd, second.data);
    });
    return this.#releaseLock !== undefined;
  }

  hasSingleInstanceLock(): boolean {
    return this.#releaseLock !== undefined;
  }

  releaseSingleInstanceLock(): void {
    this.#releaseLock?.();
    this.#releaseLock = undefined;
  }

  /** Emits the events that can prevent quitting, in Electron's order, then ends the process. */
  quit(): void {
    if (running.quitting || running.exiting) return;
    running.quitting = true;
    running.quitting =
      emitPreventable(this, 'before-quit') && closeAll() && emitPreventable(this, 'will-quit');
    if (running.quitting) this.exit();
  }

  exit(code = 0): void {
    if (running.exiting) return;
    running.exiting = true;
    this.emit('quit', new PreventableEvent(), code);
    this.releaseSingleInstanceLock();
    const end = (): never => exitProcess(code);
    const { chromium, otherBrowser } = running;
    if (chromium === undefined) end();
    else void Promise.all([chromium.end(), otherBrowser?.end()]).then(end);
  }
}

function closeAll(): boolean {
  return [...windows.values()].every((window) => {
    window.close();
    return window.isDestroyed();
  });
}

acceptQuietly(App.prototype, [
  'focus',
  'show',
  'hide',
  'setAppUserModelId',
  'setDesktopName',
  'setAboutPanelOptions',
  'setActivationPolicy',
] satisfies readonly (keyof Electron.App)[]);

/** The app of this process. */
export const app = new App().setMaxListeners(0);

/** Marks the app as ready and emits `ready`. */
export function announceReady(): void {
  running.ready = true;
  resolveReady();
  app.emit('ready', {});
}
