import fs from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Loaded into an agent before its own code: kills the process (SIGKILL) at one of the calls by
 * which it changes its vault. Counting starts when the file named by `KEYFOB_DIE_WHEN` exists.
 * `KEYFOB_DIE_AT` names the call and the side of it: `7 before`, `7 after`.
 */
const [step, side] = (process.env.KEYFOB_DIE_AT ?? '').split(' ');
const armed = process.env.KEYFOB_DIE_WHEN ?? '';
let taken = 0;

type Call = (...given: never[]) => Promise<unknown>;

/** The call, with the kill before or after it if it is the chosen one. */
function deadly<F extends Call>(call: F, concerns: (path: unknown) => boolean = () => true): F {
  const wrapped = async (...given: Parameters<F>): Promise<unknown> => {
    if (!concerns(given[0]) || !existsSync(armed)) return call(...given);
    const here = String(taken) === step;
    taken += 1;
    if (here && side === 'before') die();
    try {
      return await call(...given);
    } finally {
      if (here) die();
    }
  };
  return wrapped as F; // the same arguments and the same result
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

const isRecord = (path: unknown): boolean =>
  typeof path === 'string' && /[/\\]accounts(?:[/\\]|$)/.test(path);

const { open } = fs;
const opening = deadly(open, isRecord);
fs.open = async (...given: Parameters<typeof open>) => {
  const handle = await opening(...given);
  if (!isRecord(given[0])) return handle;
  handle.writeFile = deadly(handle.writeFile.bind(handle));
  handle.sync = deadly(handle.sync.bind(handle));
  handle.datasync = deadly(handle.datasync.bind(handle));
  handle.close = deadly(handle.close.bind(handle));
  return handle;
};
fs.rename = deadly(fs.rename, isRecord);
fs.unlink = deadly(fs.unlink, isRecord);
syncBuiltinESMExports();
