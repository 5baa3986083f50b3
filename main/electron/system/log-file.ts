import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A longer file becomes `.1` at the next start; so no more than twice this is ever kept. */
const LONGEST_BYTES = 1_048_576;

/** Gives a function that writes lines to the log file, and to stderr for whoever started us there. */
export function logTo(path: string): (line: string) => void {
  // The terminal that started us may be closed meanwhile; unheard, that would be an error of ours.
  process.stderr.on('error', () => undefined);
  let usable = attempt(() => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > LONGEST_BYTES) renameSync(path, `${path}.1`);
  });
  return (line) => {
    process.stderr.write(line);
    usable &&= attempt(() => appendFileSync(path, line, { mode: 0o600 }));
  };
}

function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false; // A log that cannot be written must not stop what it tells of.
  }
}
