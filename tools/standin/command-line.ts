/** The parsed command line of the Electron executable. */
export type CommandLine = Readonly<{
  /** The app's folder or main file; undefined if there is none on the command line. */
  app: string | undefined;
  /** Modules to load first, in order (`-r`). */
  preloads: readonly string[];
  /** Chromium's switches (`--name=value`); the value is empty if there is none. */
  switches: ReadonlyMap<string, string>;
}>;

/**
 * Reads the arguments as Electron's default app does: `-r module` before the app's path, switches anywhere.
 * Node has already taken its own `--inspect` switches.
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
