/// <reference lib="dom" />
import { BridgeValues } from './bridge-values.ts';
import type { Packed } from './bridge-values.ts';

/** One of a document's two worlds: the page's own, or the isolated one of the preload. */
export type Side = 'main' | 'isolated';

type Nodes = Packed['nodes'];
type Message =
  | Readonly<{ type: 'call'; id: number; nodes: Nodes }>
  | Readonly<{ type: 'expose'; nodes: Nodes }>
  | Readonly<{ type: 'answer'; ok: boolean; nodes: Nodes }>
  | Readonly<{ type: 'settle'; id: number; ok: boolean; nodes: Nodes }>;

// Captured before any script of the page can replace them.
const { apply, getOwnPropertyDescriptor } = Reflect;
const { dispatchEvent, addEventListener } = EventTarget.prototype; // eslint-disable-line @typescript-eslint/unbound-method -- applied with their own this
const Custom = CustomEvent;
const Mouse = MouseEvent;
const detailOf = getterOf(CustomEvent.prototype, 'detail');
const relatedTargetOf = getterOf(MouseEvent.prototype, 'relatedTarget');

const unknownException =
  'An unknown exception occurred in the isolated context, an error occurred but a valid exception was not thrown.';

/**
 * One end of the context bridge.
 *
 * The two worlds of a document share its DOM but no JavaScript objects. Both hold one detached element that no
 * other script can reach. Events on it are synchronous, and the browser itself clones `CustomEvent.detail`
 * when the other world reads it, so functions stay synchronous, as in Electron. DOM nodes cross as the related
 * target of a mouse event.
 */
export class Bridge {
  readonly #hub: Element;
  readonly #other: Side;
  readonly #values: BridgeValues;
  #answer: { ok: boolean; value: unknown } | undefined;
  #elements: Node[] = [];

  /** @param crossAsEmpty objects that arrive as `{}` */
  constructor(side: Side, hub: Element, crossAsEmpty: readonly unknown[] = []) {
    this.#hub = hub;
    this.#other = side === 'main' ? 'isolated' : 'main';
    const exchange = {
      call: (id: number, args: readonly unknown[]) => this.#ask({ type: 'call', id }, args),
      settle: (id: number, ok: boolean, value: unknown) => this.#settle(id, ok, value),
    };
    this.#values = new BridgeValues(exchange, crossAsEmpty);
    this.#listen(`element-${side}`, (event) => {
      this.#elements.push(apply(relatedTargetOf, event, []) as Node); // #post() below sends nothing else
    });
    this.#listen(`message-${side}`, (event) => {
      const elements = this.#elements;
      this.#elements = [];
      this.#receive(apply(detailOf, event, []) as Message, elements); // only the other end knows the hub
    });
  }

  /** Puts a copy of `api` on the page's window, read-only. @throws Error with Electron's message */
  expose(key: string, api: unknown): void {
    this.#ask({ type: 'expose' }, [key, api]);
  }

  #receive(message: Message, elements: readonly Node[]): void {
    const value = this.#values.decode({ nodes: message.nodes, elements });
    switch (message.type) {
      case 'answer':
        this.#answer = { ok: message.ok, value };
        break;
      case 'settle':
        this.#values.settled(message.id, message.ok, value);
        break;
      case 'call': {
        const target = this.#values.own(message.id) as (...args: unknown[]) => unknown; // only functions are called
        this.#reply(() => apply(target, undefined, value as unknown[])); // #ask() sends a list
        break;
      }
      case 'expose': {
        const [key, api] = value as [string, unknown]; // expose() sends this pair
        this.#reply(() => bind(key, api));
        break;
      }
    }
  }

  /** Sends a request and returns the other world's response. Dispatch is synchronous, so it has arrived by then. */
  #ask(
    question: { type: 'call'; id: number } | { type: 'expose' },
    args: readonly unknown[],
  ): unknown {
    const packed = this.#values.encode(args);
    this.#answer = undefined;
    this.#post({ ...question, nodes: packed.nodes }, packed.elements);
    const answer = this.#takeAnswer();
    if (answer.ok) return answer.value;
    throw answer.value;
  }

  #takeAnswer(): { ok: boolean; value: unknown } {
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer === undefined) throw new Error('The other world of this document did not respond.');
    return answer;
  }

  #reply(run: () => unknown): void {
    const { ok, packed } = this.#attempt(run);
    this.#post({ type: 'answer', ok, nodes: packed.nodes }, packed.elements);
  }

  #settle(id: number, succeeded: boolean, value: unknown): void {
    const { ok, packed } = this.#attempt(() => value);
    const message = { type: 'settle', id, ok: ok && succeeded, nodes: packed.nodes } as const;
    this.#post(message, packed.elements);
  }

  #attempt(run: () => unknown): { ok: boolean; packed: Packed } {
    try {
      return { ok: true, packed: this.#values.encode(run()) };
    } catch (error) {
      const message = error instanceof Error ? error.message : unknownException;
      return { ok: false, packed: this.#values.encode(new Error(message)) };
    }
  }

  #post(message: Message, elements: readonly Node[]): void {
    for (const relatedTarget of elements) {
      this.#send(new Mouse(`element-${this.#other}`, { relatedTarget }));
    }
    this.#send(new Custom(`message-${this.#other}`, { detail: message }));
  }

  #send(event: Event): void {
    apply(dispatchEvent, this.#hub, [event]);
  }

  #listen(type: string, listener: (event: Event) => void): void {
    apply(addEventListener, this.#hub, [type, listener]);
  }
}

function bind(key: string, api: unknown): void {
  if (Object.prototype.hasOwnProperty.call(window, key)) {
    throw new Error('Cannot bind an API on top of an existing property on the window object');
  }
  const descriptor = { value: frozen(api), enumerable: true, writable: false, configurable: false };
  Object.defineProperty(window, key, descriptor);
}

/** Deep-freezes plain objects and arrays; leaves other values alone, as Electron does. */
function frozen(value: unknown, seen = new Set<unknown>()): unknown {
  const isPlain =
    Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]';
  if (!isPlain || seen.has(value)) return value;
  seen.add(value);
  for (const part of Object.values(value as object)) frozen(part, seen); // plain: an object by its tag
  return Object.freeze(value);
}

function getterOf(prototype: object, key: string): () => unknown {
  const getter = getOwnPropertyDescriptor(prototype, key)?.get;
  if (getter === undefined) throw new Error(`This browser has no getter for ${key}.`);
  return getter;
}
