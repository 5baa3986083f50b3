import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
// The flag gives every new context a `gc`, the only way to get it at run time.
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes in use after a garbage collection. */
export function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
