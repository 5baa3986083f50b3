import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyEdit, pathOf } from './edit.ts';
import type { Edit, Fault } from './fault.ts';

/** The parts of the app; everything else of a checkout stays out of the copy. */
const PARTS = ['package.json', 'out/main', 'out/preload', 'out/renderer'];

/** A copy of the built app, to put faults into and restore. */
export class BuiltApp {
  readonly folder: string;
  readonly #paths: readonly string[];

  private constructor(folder: string) {
    this.folder = folder;
    this.#paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) =>
      path.replaceAll('\\', '/'),
    );
  }

  /** Copies the built app. Rejects if it isn't built. */
  static async copy(root: string): Promise<BuiltApp> {
    const folder = await mkdtemp(join(tmpdir(), 'keyfob-fault-'));
    for (const part of PARTS) await cp(join(root, part), join(folder, part), { recursive: true });
    return new BuiltApp(folder);
  }

  /** Checks that a fault still fits. Rejects with what doesn't. */
  async check({ name, edits }: Fault): Promise<void> {
    try {
      await this.#edited(edits);
    } catch (error) {
      throw new Error(`The fault ${name} no longer fits the built app.`, { cause: error });
    }
  }

  /** Runs `work` while the fault is in, and restores the app afterwards. */
  async while<T>({ edits }: Fault, act: () => Promise<T>): Promise<T> {
    const edited = await this.#edited(edits);
    const whole = await Promise.all([...edited.keys()].map((path) => readFile(path, 'utf8')));
    for (const [path, text] of edited) await writeFile(path, text);
    try {
      return await act();
    } finally {
      for (const [index, path] of [...edited.keys()].entries()) {
        await writeFile(path, whole[index] ?? '');
      }
    }
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async #edited(edits: readonly Edit[]): Promise<ReadonlyMap<string, string>> {
    const texts = new Map<string, string>();
    for (const edit of edits) {
      const path = join(this.folder, pathOf(edit.file, this.#paths));
      texts.set(path, applyEdit(texts.get(path) ?? (await readFile(path, 'utf8')), edit));
    }
    return texts;
  }
}
