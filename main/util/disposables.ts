/** Holds what must be undone, and undoes it once, last first. What is added after the end is undone at once. */
export class DisposableStore {
  readonly #undos: (() => void)[] = [];
  #isDisposed = false;

  /** Takes on `undo`: it is called by {@link dispose}. */
  add(undo: () => void): void {
    if (this.#isDisposed) undo();
    else this.#undos.push(undo);
  }

  /** Calls every undo, even when one throws; throws the first error afterwards. */
  dispose(): void {
    this.#isDisposed = true;
    const errors: unknown[] = [];
    for (let undo = this.#undos.pop(); undo !== undefined; undo = this.#undos.pop()) {
      try {
        undo();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
