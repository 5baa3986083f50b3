import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from '../../tools/standin/find-chromium.ts';

/** The machine's abilities, so that the decision can be tested without changing it. */
export type Machine = Readonly<{
  find(): string | undefined;
  isRoot: boolean;
  has(program: string): boolean;
  /** Runs a program until it exits. @throws Error if it fails */
  run(program: string, args: readonly string[]): void;
}>;

/** The message when there is no browser and none can be installed. */
export const noBrowser =
  'The window specs need a Chromium and none was found: install one (Debian: apt install chromium) or name it with CHROMIUM_PATH.';

/**
 * Finds a Chromium, or installs Debian's if apt is available without a password. It never
 * prompts.
 *
 * @returns the browser's path
 * @throws Error with `noBrowser` if there is none and none could be installed
 */
export function ensureBrowser(machine: Machine = thisMachine()): string {
  const found = machine.find() ?? install(machine);
  if (found === undefined) throw new Error(noBrowser);
  return found;
}

function install(machine: Machine): string | undefined {
  if (!machine.has('apt-get')) return undefined;
  const asRoot = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  const words = machine.isRoot ? asRoot : ['sudo', '-n', ...asRoot];
  if (!machine.isRoot && !machine.has('sudo')) return undefined;
  const [program, ...args] = words;
  try {
    machine.run(program ?? 'env', [...args, '-q', 'update']);
    machine.run(program ?? 'env', [...args, '-q', '-y', 'install', 'chromium']);
  } catch {
    // apt has reported the cause on stderr; the caller says what to do.
    return undefined;
  }
  return machine.find();
}

function thisMachine(): Machine {
  const folders = (process.env.PATH ?? '').split(':');
  return {
    find: () => findChromium(),
    isRoot: process.getuid?.() === 0,
    has: (program) => folders.some((folder) => existsSync(`${folder}/${program}`)),
    run: (program, args) => {
      process.stderr.write(`${[program, ...args].join(' ')}\n`);
      execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    },
  };
}
