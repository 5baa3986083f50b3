/** What the Electron executable was asked to do. */
export type CommandLine = Readonly<{
  /** The app's folder or main file; undefined: none was named. */
  app: string | undefined;
  /** Modules to load first, in order (`-r`). */
  preloads: readonly string[];
  /** Chromium's switches (`--name=value`); an empty value where there is none. */
  switches: ReadonlyMap<string, string>;
}>;

/**
 * Reads the arguments as Electron's default app does: `-r module` before the app's path, switches anywhere.
 * Node's own `--inspect` switches were given to Node already.
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const preloads: string[] = [];
  const switches = new Map<string, string>();
  let app: string | undefined;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index]!;
    if (arg === '-r' || arg === '--require') {
      index += 1;
      const preload = args[index];
      if (preload !== undefined) preloads.push(preload);
    } else if (arg.startsWith('--')) {
      const [, name, value] = /^--([^=]+)=?(.*)$/s.exec(arg) ?? [];
      if (name !== undefined && !name.startsWith('inspect')) switches.set(name, value ?? '');
    } else {
      app ??= arg;
    }
  }
  return { app, preloads, switches };
}
