import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from '../../tools/standin/find-chromium.ts';

/** What the machine can do, so that the decision can be tested without touching it. */
export type Machine = Readonly<{
  find(): string | undefined;
  isRoot: boolean;
  has(program: string): boolean;
  /** Runs a program to its end. @throws Error when it fails */
  run(program: string, args: readonly string[]): void;
}>;

/** What a person reads when no browser is there and none can be had. */
export const noBrowser =
  'The window specs need a Chromium and none was found: install one (Debian: apt install chromium) or name it with CHROMIUM_PATH.';

/**
 * Finds a Chromium, or installs Debian's where apt is there and may be used without a password. It never
 * asks anything.
 *
 * @returns the browser's path
 * @throws Error with `noBrowser`, when there is none and none could be installed
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
    // apt has said on stderr what is wrong; the caller says what to do.
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
