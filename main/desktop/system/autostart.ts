import { posix } from 'node:path';
import type { SettingsSnapshot } from '../../../preload/contract.ts';

/** Passed when the app is started at login: no window opens, whatever the settings say. */
export const HIDDEN_FLAG = '--hidden';

/** The running app. */
export type Program = Readonly<{
  platform: NodeJS.Platform;
  /** The running executable. */
  execPath: string;
  /** The app's folder, passed to the executable when the app isn't packaged; null: it is packaged. */
  appPath: string | null;
  env: Readonly<Record<string, string | undefined>>;
  home: string;
}>;

/** How to turn start at login on or off. */
export type AutostartPlan = Readonly<
  | { kind: 'login-item'; openAtLogin: boolean; path: string; args: readonly string[] }
  /** A desktop entry file; `content` null: it must not exist. */
  | { kind: 'file'; path: string; content: string | null }
  | { kind: 'impossible'; why: string }
>;

/**
 * Plans how to turn start at login on or off.
 *
 * macOS and Windows have login items. On Linux it is a file in the autostart folder. For an AppImage the
 * file names the image, as its mount path changes with every start.
 *
 * @see {@link https://specifications.freedesktop.org/autostart-spec/0.5/ Autostart 0.5}
 */
export function planAutostart(
  { startAtLogin }: Pick<SettingsSnapshot, 'startAtLogin'>,
  program: Program,
): AutostartPlan {
  const { platform, appPath, env } = program;
  const args = [...(appPath === null ? [] : [appPath]), HIDDEN_FLAG];
  if (platform === 'darwin' || platform === 'win32') {
    const quoted = args.map(windowsArgument);
    return { kind: 'login-item', openAtLogin: startAtLogin, path: program.execPath, args: quoted };
  }
  if (env.FLATPAK_ID !== undefined || env.SNAP !== undefined) {
    return { kind: 'impossible', why: 'inside a Flatpak or a Snap the system decides what starts' };
  }
  const path = posix.join(configFolder(program), 'autostart', 'keyfob.desktop');
  const executable = env.APPIMAGE ?? program.execPath;
  return { kind: 'file', path, content: startAtLogin ? desktopEntry([executable, ...args]) : null };
}

/**
 * The desktop entry with the app's current path; null: it is up to date. An AppImage gets a new name with each
 * update and may be moved. The rest of the entry is left alone: the desktop's settings write there.
 */
export function renewedEntry(entry: string, plan: AutostartPlan): string | null {
  const wanted = plan.kind === 'file' ? EXEC_LINE.exec(plan.content ?? '')?.[0] : undefined;
  if (wanted === undefined) return null;
  // A function, as dollar signs in a replacement string have a meaning.
  const renewed = entry.replace(EXEC_LINE, () => wanted);
  return renewed === entry ? null : renewed;
}

/** Whether an entry is enabled: desktop settings disable it in one of these ways. */
export function isSwitchedOn(entry: string): boolean {
  return !/^(?:Hidden=true|X-GNOME-Autostart-enabled=false)\s*$/m.test(entry);
}

const EXEC_LINE = /^Exec=.*$/m;

function configFolder({ env, home }: Program): string {
  const named = env.XDG_CONFIG_HOME;
  return named !== undefined && posix.isAbsolute(named) ? named : posix.join(home, '.config');
}

function desktopEntry(command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Keyfob',
    'Comment=Keeps the tokens of your Matrix accounts fresh',
    `Exec=${command.map(execArgument).join(' ')}`,
    'Icon=keyfob-desktop',
    'Terminal=false',
    'StartupNotify=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/**
 * One argument of an `Exec` line: quoted, with `"`, `` ` ``, `$` and `\` escaped, then escaped again for the
 * file, where a backslash is an escape character too. A literal `%` is doubled.
 *
 * @see {@link https://specifications.freedesktop.org/desktop-entry-spec/1.5/exec-variables.html Desktop Entry 1.5, Exec}
 */
function execArgument(text: string): string {
  if (/^[\w@+=:,./-]+$/.test(text)) return text;
  const quoted = text.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  const kept = quoted.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `"${kept}"`;
}

/** One argument of a Windows command line. Electron joins them without quoting. */
function windowsArgument(text: string): string {
  return /[\s"]/.test(text) ? `"${text.replaceAll('"', '\\"')}"` : text;
}
