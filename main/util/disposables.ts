/** Owns undos and runs them once, last first. What is added after the end is undone at once. */
export class Lifetime {
  readonly #undos: (() => void)[] = [];
  #ended = false;

  add(undo: () => void): void {
    if (this.#ended) undo();
    else this.#undos.push(undo);
  }

  /** Runs every undo, even when one throws; throws the first error afterwards. */
  end(): void {
    this.#ended = true;
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
