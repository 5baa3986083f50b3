/// <reference lib="dom" />

/**
 * One value on its way between the worlds. Functions, symbols and promises stay in their world and cross as
 * ids; `yours` marks an id that belongs to the receiver's own world.
 */
export type BridgeNode =
  | Readonly<{ kind: 'value'; value: unknown }>
  | Readonly<{ kind: 'function'; id: number; yours: boolean }>
  | Readonly<{ kind: 'symbol'; id: number; yours: boolean; description: string | undefined }>
  | Readonly<{ kind: 'promise'; id: number }>
  | Readonly<{ kind: 'error'; message: string; stack: string }>
  | Readonly<{ kind: 'element'; index: number }>
  | Readonly<{ kind: 'array'; items: readonly number[] }>
  | Readonly<{ kind: 'object'; entries: readonly (readonly [key: number, value: number])[] }>;

/** A serialized value; the first node is the root. DOM nodes are passed separately. */
export type Packed = Readonly<{ nodes: readonly BridgeNode[]; elements: readonly Node[] }>;

/** What the tables need from the channel. */
export type Exchange = Readonly<{
  /** Calls a function of the other world synchronously. */
  call(id: number, args: readonly unknown[]): unknown;
  /** Tells the other world how a promise settled. */
  settle(id: number, ok: boolean, value: unknown): void;
}>;

// Captured before any script of the page can replace them.
const { apply } = Reflect;
const promiseThen = Promise.prototype.then; // eslint-disable-line @typescript-eslint/unbound-method -- applied with its own this
const objectToString = Object.prototype.toString; // eslint-disable-line @typescript-eslint/unbound-method -- applied with its own this
const clone = structuredClone;

const maxDepth = 1000;

/** Copies values to and from the other world, and keeps the functions, symbols and promises they share. */
export class BridgeValues {
  readonly #exchange: Exchange;
  readonly #crossAsEmpty: readonly unknown[];
  readonly #ownById = new Map<number, unknown>();
  readonly #idByOwn = new Map<unknown, number>();
  readonly #theirsById = new Map<number, unknown>();
  readonly #idByTheirs = new Map<unknown, number>();
  readonly #unsettled = new Map<number, (ok: boolean, value: unknown) => void>();
  #lastId = 0;

  /** @param crossAsEmpty objects that arrive as `{}`: Electron does so with `ipcRenderer` */
  constructor(exchange: Exchange, crossAsEmpty: readonly unknown[]) {
    this.#exchange = exchange;
    this.#crossAsEmpty = crossAsEmpty;
  }

  /** @throws Error with Electron's message if the value is nested too deep or can't be cloned */
  encode(root: unknown): Packed {
    const nodes: BridgeNode[] = [];
    const elements: Node[] = [];
    const seen = new Map<unknown, number>();
    const put = (value: unknown, depth: number): number => {
      if (depth > maxDepth) throw tooDeep();
      const known = seen.get(value);
      if (known !== undefined) return known;
      const index = nodes.push({ kind: 'value', value: undefined }) - 1;
      if (typeof value === 'object' && value !== null) seen.set(value, index);
      nodes[index] = this.#node(value, elements, (part) => put(part, depth + 1));
      return index;
    };
    put(root, 0);
    return { nodes, elements };
  }

  decode({ nodes, elements }: Packed): unknown {
    const made = new Map<number, unknown>();
    const read = (index: number): unknown => {
      if (made.has(index)) return made.get(index);
      const node = nodes[index]!;
      if (node.kind === 'array') {
        const array: unknown[] = [];
        made.set(index, array);
        for (const item of node.items) array.push(read(item));
        return array;
      }
      if (node.kind === 'object') {
        const object = {};
        made.set(index, object);
        for (const [key, value] of node.entries) define(object, read(key), read(value));
        return object;
      }
      const value = this.#leaf(node, elements);
      made.set(index, value);
      return value;
    };
    return read(0);
  }

  /** A function of this world, by the id it was sent with. */
  own(id: number): unknown {
    return this.#ownById.get(id);
  }

  /** Settles the local promise that represents one of the other world. */
  settled(id: number, ok: boolean, value: unknown): void {
    this.#unsettled.get(id)?.(ok, value);
    this.#unsettled.delete(id);
  }

  #node(value: unknown, elements: Node[], put: (part: unknown) => number): BridgeNode {
    if (this.#crossAsEmpty.includes(value)) return { kind: 'object', entries: [] };
    if (typeof value === 'function') return { kind: 'function', ...this.#reference(value) };
    if (typeof value === 'symbol') {
      return { kind: 'symbol', description: value.description, ...this.#reference(value) };
    }
    if (typeof value !== 'object' || value === null) return { kind: 'value', value };
    if (value instanceof Promise) return { kind: 'promise', id: this.#follow(value) };
    if (value instanceof Error) return errorNode(value);
    if (value instanceof Node) return { kind: 'element', index: elements.push(value) - 1 };
    if (Array.isArray(value)) return { kind: 'array', items: Array.from(value, put) };
    if (apply(objectToString, value, []) === '[object Object]') {
      const keys = [...Object.keys(value), ...Object.getOwnPropertySymbols(value)];
      // Any key of an object reads as unknown.
      const entries = keys.map(
        (key) => [put(key), put((value as Record<string | symbol, unknown>)[key])] as const,
      );
      return { kind: 'object', entries };
    }
    return { kind: 'value', value: cloned(value) };
  }

  #reference(value: unknown): { id: number; yours: boolean } {
    const theirs = this.#idByTheirs.get(value);
    if (theirs !== undefined) return { id: theirs, yours: true };
    const known = this.#idByOwn.get(value);
    if (known !== undefined) return { id: known, yours: false };
    this.#lastId += 1;
    this.#idByOwn.set(value, this.#lastId);
    this.#ownById.set(this.#lastId, value);
    return { id: this.#lastId, yours: false };
  }

  #follow(promise: Promise<unknown>): number {
    this.#lastId += 1;
    const id = this.#lastId;
    const settle = (ok: boolean) => (value: unknown) => this.#exchange.settle(id, ok, value);
    void apply(promiseThen, promise, [settle(true), settle(false)]);
    return id;
  }

  #leaf(node: Exclude<BridgeNode, { kind: 'array' | 'object' }>, elements: readonly Node[]) {
    switch (node.kind) {
      case 'value':
        return node.value;
      case 'error':
        return errorFrom(node);
      case 'element':
        return elements[node.index];
      case 'function':
        return this.#theirs(node, () => this.#proxyFor(node.id));
      case 'symbol':
        return this.#theirs(node, () => Symbol(node.description));
      case 'promise':
        return new Promise((resolve, reject) => {
          this.#unsettled.set(node.id, (ok, value) => {
            if (ok) resolve(value);
            // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever the other side rejected with
            else reject(value);
          });
        });
    }
  }

  #theirs({ id, yours }: { id: number; yours: boolean }, make: () => unknown): unknown {
    if (yours) return this.#ownById.get(id);
    const known = this.#theirsById.get(id);
    if (known !== undefined) return known;
    const made = make();
    this.#theirsById.set(id, made);
    this.#idByTheirs.set(made, id);
    return made;
  }

  #proxyFor(id: number): (...args: unknown[]) => unknown {
    return (...args) => this.#exchange.call(id, args);
  }
}

function cloned(value: object): unknown {
  try {
    return clone(value);
  } catch {
    // The page gets Electron's message instead of the engine's.
    throw new Error('An object could not be cloned.');
  }
}

function errorNode(error: Error): BridgeNode {
  return { kind: 'error', message: messageOf(error), stack: String(error.stack) };
}

function messageOf(error: Error): string {
  try {
    return error.message;
  } catch {
    // A getter that throws must not replace the error it describes.
    return '';
  }
}

function errorFrom({ message, stack }: { message: string; stack: string }): Error {
  const error = new Error(message);
  error.stack = stack;
  return error;
}

function define(object: object, key: unknown, value: unknown): void {
  const descriptor = { value, enumerable: true, writable: true, configurable: true };
  Object.defineProperty(object, key as string | symbol, descriptor); // keys were encoded as one of the two
}

function tooDeep(): Error {
  return new Error(
    `Electron contextBridge recursion depth exceeded.  Nested objects deeper than ${maxDepth} are not supported.`,
  );
}
