import {
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** What a second instance sends to the first. */
export type SecondInstance = Readonly<{ argv: readonly string[]; cwd: string; data: unknown }>;

/**
 * Takes the single-instance lock of a folder, or notifies the process that holds it. The lock of a dead
 * process is stale and is taken over.
 *
 * @returns a function that releases the lock; undefined if another process holds it and was notified
 */
export function takeInstanceLock(
  folder: string,
  message: SecondInstance,
  onSecond: (second: SecondInstance) => void,
): (() => void) | undefined {
  const mailbox = join(folder, 'standin-mailbox');
  const lock = join(folder, 'standin.lock');
  mkdirSync(mailbox, { recursive: true });
  if (!claim(lock)) {
    const draft = join(mailbox, `${process.pid}.draft`);
    writeFileSync(draft, JSON.stringify(message));
    renameSync(draft, join(mailbox, `${process.pid}.json`)); // whole or not at all
    return undefined;
  }
  const watcher = watch(mailbox, () => readMail(mailbox, onSecond)).unref();
  return () => {
    watcher.close();
    rmSync(lock, { force: true });
  };
}

/** Hard-links a finished file into place, so the lock file never appears without the process id in it. */
function claim(lock: string): boolean {
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    return link(draft, lock) || (!isAlive(lock) && replace(draft, lock));
  } finally {
    rmSync(draft, { force: true });
  }
}

function link(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false; // Node's errors have codes
    throw error;
  }
}

function replace(draft: string, lock: string): boolean {
  rmSync(lock, { force: true });
  return link(draft, lock);
}

function isAlive(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch {
    // No such process, or the lock has just been released.
    return false;
  }
}

function readMail(mailbox: string, onSecond: (second: SecondInstance) => void): void {
  for (const name of readdirSync(mailbox).filter((file) => file.endsWith('.json'))) {
    const file = join(mailbox, name);
    const second = JSON.parse(readFileSync(file, 'utf8')) as SecondInstance; // written above
    rmSync(file);
    onSecond(second);
  }
}
