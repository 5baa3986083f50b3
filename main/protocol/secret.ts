/**
 * A token, a device code, a passphrase. Prints, logs, serialises and clones as nothing; only
 * `reveal()` gives the text.
 *
 * `reveal()` belongs where a request is built (`protocol/`), where a record is sealed (`vault/`),
 * and where the engine hands a token out (`engine/`), nowhere else.
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

  /** Whether two secrets hold the same text. Not constant-time: both are ours. */
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
