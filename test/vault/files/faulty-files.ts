import type { FileLayer, WritableFile } from '../../../main/vault/files/file-layer.ts';
import { systemError } from './memory-disk.ts';

/** The process is gone. Keyfob catches no such error, so the awaiting caller gets it. */
export class Crash extends Error {}

/** What happens at the chosen step: an errno once, an errno from then on, or the end of the process. */
export type Fault = Readonly<
  { at: number; errno: string; lasting: boolean } | { at: number; crash: true }
>;

/** A disk on which the `at`-th step from now (0 is the first) fails. A write is cut in half. */
export function faultyFiles(disk: FileLayer, fault: Fault): FileLayer & { steps(): number } {
  let taken = 0;
  const step = (): boolean => {
    const here = taken;
    taken += 1;
    return 'crash' in fault || fault.lasting ? here >= fault.at : here === fault.at;
  };
  const refuse = (): never => {
    throw 'crash' in fault ? new Crash() : systemError(fault.errno);
  };
  const on =
    <A extends unknown[], T>(work: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> =>
      step() ? refuse() : work(...args);
  const file = (made: WritableFile): WritableFile => ({
    write: async (bytes) => {
      if (!step()) return made.write(bytes);
      if (taken - 1 === fault.at) await made.write(bytes.slice(0, bytes.length / 2));
      return refuse();
    },
    sync: on(() => made.sync()),
    close: on(() => made.close()),
  });
  return {
    uid: disk.uid,
    create: on(async (path: string) => file(await disk.create(path))),
    edit: on(async (path: string) => file(await disk.edit(path))),
    read: on((path: string) => disk.read(path)),
    list: on((path: string) => disk.list(path)),
    rename: on((from: string, to: string) => disk.rename(from, to)),
    unlink: on((path: string) => disk.unlink(path)),
    syncFolder: on((path: string) => disk.syncFolder(path)),
    chmod: on((path: string, mode: number) => disk.chmod(path, mode)),
    stat: on((path: string) => disk.stat(path)),
    makeFolder: on((path: string) => disk.makeFolder(path)),
    steps: () => taken,
  };
}
