/**
 * A token, device code or passphrase. Prints, logs, serializes and clones without its text; only
 * `reveal()` returns it.
 *
 * Call `reveal()` only where a request is built (`protocol/`), a record is sealed (`vault/`) or the engine
 * gives out a token (`engine/`).
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. */
  reveal(): string {
    return this.#text;
  }

  /** Whether two secrets have the same text. Not constant-time: both are Keyfob's own. */
  equals(other: Secret): boolean {
    return this.#text === other.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}
