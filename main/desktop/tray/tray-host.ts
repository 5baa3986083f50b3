import { retryUntil } from '../../util/async.ts';
import type { Timer } from '../../util/async.ts';

/** The interval and number of further checks after login. */
const LOOK_AGAIN_MS = 1_000;
const LOOKS_AGAIN = 10;

const BUS = 'org.freedesktop.DBus';
const WATCHER = 'org.kde.StatusNotifierWatcher';

/** Programs that can query the session bus; a desktop has at least one of them. */
const QUESTIONS: readonly (readonly [string, ...string[]])[] = [
  [
    'gdbus',
    'call',
    '--session',
    '--dest',
    BUS,
    '--object-path',
    '/org/freedesktop/DBus',
    '--method',
    `${BUS}.NameHasOwner`,
    WATCHER,
  ],
  ['busctl', '--user', 'call', BUS, '/org/freedesktop/DBus', BUS, 'NameHasOwner', 's', WATCHER],
  [
    'dbus-send',
    '--session',
    '--print-reply=literal',
    `--dest=${BUS}`,
    '/org/freedesktop/DBus',
    `${BUS}.NameHasOwner`,
    `string:${WATCHER}`,
  ],
];

/** The desktop, and a way to run a program, which returns its output or null on failure. */
export type TrayHostParts = Readonly<{
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  run: (program: string, args: readonly string[]) => Promise<string | null>;
}>;

/**
 * Whether a tray icon would be visible. Always on macOS and Windows. On Linux a tray host owns a name on the
 * session bus; GNOME has none without an extension.
 *
 * @see {@link https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/ StatusNotifierItem}
 */
export async function hasTrayHost({ platform, env, run }: TrayHostParts): Promise<boolean> {
  if (platform !== 'linux') return true;
  for (const [program, ...args] of QUESTIONS) {
    const answer = /\b(true|false)\b/.exec((await run(program, args)) ?? '')?.[1];
    if (answer !== undefined) return answer === 'true';
  }
  // No program could query the bus, so the desktop's name decides.
  return !(env.XDG_CURRENT_DESKTOP ?? '').split(':').includes('GNOME');
}

/**
 * Like {@link hasTrayHost}, for a start at login: the panel with the tray starts at the same time and may
 * take some seconds longer than the app.
 */
export function awaitTrayHost(parts: TrayHostParts, timer: Timer): Promise<boolean> {
  return retryUntil(() => hasTrayHost(parts), {
    until: (isThere) => isThere,
    pauseMs: (looks) => (looks > LOOKS_AGAIN ? null : LOOK_AGAIN_MS),
    timer,
  });
}
