import { posix } from 'node:path';
import type { SettingsSnapshot } from '../../../preload/contract.ts';

/** What Keyfob is told when it starts with the computer: no window, whatever else is set. */
export const HIDDEN_FLAG = '--hidden';

/** What is known of the running app. */
export type Program = Readonly<{
  platform: NodeJS.Platform;
  /** Of the running executable. */
  execPath: string;
  /** Needed after it when the app is not packaged; null: it is. */
  appPath: string | null;
  env: Readonly<Record<string, string | undefined>>;
  home: string;
}>;

/** How to have Keyfob started, or not, when the person logs in. */
export type AutostartPlan = Readonly<
  | { kind: 'login-item'; openAtLogin: boolean; path: string; args: readonly string[] }
  /** A file of the desktop; `content` null: there must be none. */
  | { kind: 'file'; path: string; content: string | null }
  | { kind: 'impossible'; why: string }
>;

/**
 * What has to be done for a wish.
 *
 * macOS and Windows have login items. Linux has a file in the autostart folder, which we write
 * ourselves: for an AppImage it names the image, as the mounted path is gone after the next start.
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
 * The desktop's entry with the place where Keyfob is now; null: it says that already. An AppImage has
 * another name after each update, and may be moved. What else the entry says is the person's: the
 * desktop's own settings switch it off there.
 */
export function renewedEntry(entry: string, plan: AutostartPlan): string | null {
  const wanted = plan.kind === 'file' ? EXEC_LINE.exec(plan.content ?? '')?.[0] : undefined;
  if (wanted === undefined) return null;
  // By a function: a dollar sign in the text would mean something else.
  const renewed = entry.replace(EXEC_LINE, () => wanted);
  return renewed === entry ? null : renewed;
}

/** Whether the desktop starts what an entry says: its own settings switch it off in one of these ways. */
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
 * One argument of an `Exec` line: quoted; `"`, `` ` ``, `$` and `\` escaped; and that once more for the file,
 * where a backslash is an escape too. `%` stands for itself only when doubled.
 *
 * @see {@link https://specifications.freedesktop.org/desktop-entry-spec/1.5/exec-variables.html Desktop Entry 1.5, Exec}
 */
function execArgument(text: string): string {
  if (/^[\w@+=:,./-]+$/.test(text)) return text;
  const quoted = text.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  const kept = quoted.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `"${kept}"`;
}

/** One argument of a Windows command line. Electron joins them as they are. */
function windowsArgument(text: string): string {
  return /[\s"]/.test(text) ? `"${text.replaceAll('"', '\\"')}"` : text;
}
