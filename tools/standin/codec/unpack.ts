import type { Index, WireNode } from './nodes.ts';

const errorTypes: Readonly<Record<string, ErrorConstructor>> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

const viewTypes: Readonly<Record<string, new (buffer: ArrayBuffer) => ArrayBufferView>> = {
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

type Read = (index: Index) => unknown;
type Keep = <T>(value: T) => T;

/** The value that `pack()` was given, with the types of this world. */
export function unpack(text: string): unknown {
  const nodes = JSON.parse(text) as WireNode[]; // only pack() writes it
  const made = new Map<Index, unknown>();

  const read: Read = (index) => {
    if (made.has(index)) return made.get(index);
    // Register an object before reading its parts: they may refer back to it.
    const keep: Keep = (value) => {
      made.set(index, value);
      return value;
    };
    return unpackNode(nodes[index]!, read, keep);
  };
  return read(0);
}

function unpackNode(node: WireNode, read: Read, keep: Keep): unknown {
  if (!isTagged(node)) return node;
  switch (node[0]) {
    case 'undefined':
      return undefined;
    case 'number':
      return Number(node[1]);
    case 'bigint':
      return BigInt(node[1]);
    case 'date':
      return keep(new Date(node[1] ?? NaN));
    case 'regexp':
      return keep(new RegExp(node[1], node[2]));
    case 'buffer':
      return keep(bytes(node[1]).buffer);
    case 'view':
      return keep(view(node[1], node[2]));
    case 'error':
      return keep(error(node[1], node[2], node[3]));
    case 'boxed':
      return keep(Object(read(node[1])));
    default:
      return unpackCollection(node, read, keep);
  }
}

type Collection = Extract<WireNode, readonly ['array' | 'map' | 'set' | 'object', unknown]>;

function unpackCollection(node: Collection, read: Read, keep: Keep): unknown {
  switch (node[0]) {
    case 'array': {
      const array = keep<unknown[]>([]);
      for (const item of node[1]) array.push(read(item));
      return array;
    }
    case 'map': {
      const map = keep(new Map<unknown, unknown>());
      for (const [key, value] of node[1]) map.set(read(key), read(value));
      return map;
    }
    case 'set': {
      const set = keep(new Set<unknown>());
      for (const item of node[1]) set.add(read(item));
      return set;
    }
    case 'object': {
      const object = keep({});
      for (const [key, value] of node[1]) define(object, key, read(value));
      return object;
    }
  }
}

/** Sets an ordinary own property, even if its name is `__proto__`. */
function define(object: object, key: string, value: unknown): void {
  const descriptor = { value, enumerable: true, writable: true, configurable: true };
  Object.defineProperty(object, key, descriptor);
}

function error(name: string, message: string, stack: string): Error {
  const made = new (errorTypes[name] ?? Error)(message);
  made.stack = stack;
  return made;
}

function view(type: string, base64: string): ArrayBufferView {
  return new (viewTypes[type] ?? Uint8Array)(bytes(base64).buffer);
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function isTagged(node: WireNode): node is Extract<WireNode, readonly unknown[]> {
  return Array.isArray(node);
}
