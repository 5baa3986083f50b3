type Listener = (...args: never[]) => unknown;
type Entry = Readonly<{ listener: Listener; once: boolean }>;

/** Node's event emitter as a sandboxed preload sees it, reimplemented because the page has no Node. */
export class PageEmitter {
  readonly #entries = new Map<string | symbol, readonly Entry[]>();

  on(name: string | symbol, listener: Listener): this {
    return this.#put(name, [...this.#of(name), { listener, once: false }]);
  }

  addListener(name: string | symbol, listener: Listener): this {
    return this.on(name, listener);
  }

  once(name: string | symbol, listener: Listener): this {
    return this.#put(name, [...this.#of(name), { listener, once: true }]);
  }

  prependListener(name: string | symbol, listener: Listener): this {
    return this.#put(name, [{ listener, once: false }, ...this.#of(name)]);
  }

  /** Removes one listener, the most recently added if it was added several times, as Node does. */
  off(name: string | symbol, listener: Listener): this {
    const entries = this.#of(name);
    const index = entries.findLastIndex((entry) => entry.listener === listener);
    return index < 0 ? this : this.#put(name, entries.toSpliced(index, 1));
  }

  removeListener(name: string | symbol, listener: Listener): this {
    return this.off(name, listener);
  }

  removeAllListeners(name?: string | symbol): this {
    if (name === undefined) this.#entries.clear();
    else this.#entries.delete(name);
    return this;
  }

  emit(name: string | symbol, ...args: readonly unknown[]): boolean {
    const entries = this.#of(name);
    if (entries.length === 0 && name === 'error') throw args[0];
    for (const { listener, once } of entries) {
      if (once) this.off(name, listener);
      Reflect.apply(listener, this, args);
    }
    return entries.length > 0;
  }

  listeners(name: string | symbol): readonly Listener[] {
    return this.#of(name).map(({ listener }) => listener);
  }

  listenerCount(name: string | symbol): number {
    return this.#of(name).length;
  }

  eventNames(): readonly (string | symbol)[] {
    return [...this.#entries.keys()];
  }

  /** Does nothing: Node's warning about too many listeners is not provided. */
  setMaxListeners(): this {
    return this;
  }

  #of(name: string | symbol): readonly Entry[] {
    return this.#entries.get(name) ?? [];
  }

  #put(name: string | symbol, entries: readonly Entry[]): this {
    if (entries.length === 0) this.#entries.delete(name);
    else this.#entries.set(name, entries);
    return this;
  }
}
