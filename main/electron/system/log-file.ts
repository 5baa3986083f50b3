import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A longer file is rotated to `.1` at the next start, so at most twice this much is kept (plus one run). */
const LONGEST_BYTES = 1_048_576;

/** Returns a function that writes lines to the log file and to stderr. */
export function logTo(path: string): (line: string) => void {
  // The terminal may be closed while Keyfob runs; an unhandled error event would crash the app.
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
    return false; // A log that can't be written must not stop the app.
  }
}
