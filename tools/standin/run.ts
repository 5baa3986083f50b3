import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readCommandLine } from './command-line.ts';
import { failInMain } from './host/app/process-face.ts';
import { running } from './host/app/running.ts';
import { start } from './host/app/start.ts';

/** The fields of an app's package.json that are used. */
type Manifest = Readonly<{ name?: string; productName?: string; version?: string; main?: string }>;

// Like Electron's default app: reads the command line, loads the `-r` modules, imports the app's main module,
// and only then emits `ready`.
void run(process.argv.slice(2)).catch(failInMain);

async function run(args: readonly string[]): Promise<void> {
  const { app, preloads, switches } = readCommandLine(args);
  process.argv = [process.argv[0] ?? 'electron', ...args];
  for (const [name, value] of switches) running.switches.set(name, value);
  if (app === undefined) throw new Error('electron stand-in: no app given on the command line');
  const main = identify(resolve(app));
  const require = createRequire(resolve('electron'));
  for (const preload of preloads) require(preload);
  process.once('beforeExit', sayItWaits);
  await import(pathToFileURL(main).href);
  process.off('beforeExit', sayItWaits);
  await start();
}

/** Electron would wait forever; here Node detects that its event loop is empty. */
function sayItWaits(): void {
  failInMain(
    'The main module never finishes loading: is app.whenReady() awaited at its top level?',
  );
}

/** Reads the app's name and version, and returns the path of its main module. */
function identify(path: string): string {
  if (!statSync(path).isDirectory()) {
    running.folder = dirname(path);
    return path;
  }
  const manifestPath = join(path, 'package.json');
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as Manifest; // npm's format
  running.folder = path;
  running.name = manifest.productName ?? manifest.name ?? running.name;
  running.version = manifest.version ?? running.version;
  return createRequire(manifestPath).resolve(join(path, manifest.main ?? 'index.js'));
}
