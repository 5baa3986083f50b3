import { retryUntil } from '../../util/async.ts';
import type { Timer } from '../../util/async.ts';

/** How often, and how many times more, it is looked for when the computer has only just started. */
const LOOK_AGAIN_MS = 1_000;
const LOOKS_AGAIN = 10;

const BUS = 'org.freedesktop.DBus';
const WATCHER = 'org.kde.StatusNotifierWatcher';

/** Programs that can ask the session bus; a desktop has at least one of them. */
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

/** What is known of the desktop, and a way to run a program: its output, or null if that did not work. */
export type TrayHostParts = Readonly<{
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  run: (program: string, args: readonly string[]) => Promise<string | null>;
}>;

/**
 * Whether a tray icon would be seen. macOS and Windows always have a place for it. On Linux whoever
 * draws tray icons owns a name on the session bus; GNOME has nobody unless an extension does it.
 *
 * @see {@link https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/ StatusNotifierItem}
 */
export async function hasTrayHost({ platform, env, run }: TrayHostParts): Promise<boolean> {
  if (platform !== 'linux') return true;
  for (const [program, ...args] of QUESTIONS) {
    const answer = /\b(true|false)\b/.exec((await run(program, args)) ?? '')?.[1];
    if (answer !== undefined) return answer === 'true';
  }
  // Nobody to ask: by the desktop's name then.
  return !(env.XDG_CURRENT_DESKTOP ?? '').split(':').includes('GNOME');
}

/**
 * The same when the computer has only just started: the panel that draws tray icons starts with it too,
 * and may come some seconds after us. An app that gave up at once would be without its icon all day.
 */
export function awaitTrayHost(parts: TrayHostParts, timer: Timer): Promise<boolean> {
  return retryUntil(() => hasTrayHost(parts), {
    until: (isThere) => isThere,
    pauseMs: (looks) => (looks > LOOKS_AGAIN ? null : LOOK_AGAIN_MS),
    timer,
  });
}
