import type { Index, WireNode } from './nodes.ts';

/** Host objects that the structured clone algorithm refuses, or that Electron refuses over IPC. */
const refusedTags =
  /^(Promise|Symbol|WeakMap|WeakSet|WeakRef|Generator|Window|HTML.*|Text|Document|Blob|File|Proxy)$/;

/**
 * Serializes a value to text by the rules of the structured clone algorithm: types, cycles and shared
 * objects are kept. Runs in Node and in the page.
 *
 * @throws Error with Electron's message when the value contains a function, a symbol, a promise or a DOM object
 * @see {@link https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal}
 */
export function pack(root: unknown): string {
  const nodes: WireNode[] = [];
  const seen = new Map<unknown, Index>();

  const put = (value: unknown): Index => {
    const known = seen.get(value);
    if (known !== undefined) return known;
    const index = nodes.push(null) - 1;
    if (typeof value === 'object' && value !== null) {
      seen.set(value, index);
      nodes[index] = packObject(value, put);
    } else {
      nodes[index] = packPrimitive(value);
    }
    return index;
  };

  put(root);
  return JSON.stringify(nodes);
}

function packPrimitive(value: unknown): WireNode {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (value === undefined) return ['undefined'];
  if (typeof value === 'bigint') return ['bigint', String(value)];
  if (typeof value !== 'number') throw notCloneable();
  if (Object.is(value, -0)) return ['number', '-0'];
  return Number.isFinite(value) ? value : ['number', String(value)];
}

function packObject(value: object, put: (value: unknown) => Index): WireNode {
  if (Array.isArray(value)) return ['array', Array.from(value, put)];
  if (ArrayBuffer.isView(value)) return ['view', tagOf(value), base64(value)];
  if (value instanceof Error || tagOf(value) === 'Error') return packError(value);
  return packTagged(value, put);
}

function packTagged(value: object, put: (value: unknown) => Index): WireNode {
  const tag = tagOf(value);
  // Unlike `instanceof`, the tag also identifies objects from another realm.
  switch (tag) {
    case 'Date':
      return packDate(value as Date);
    case 'RegExp':
      return ['regexp', (value as RegExp).source, (value as RegExp).flags];
    case 'Map':
      return [
        'map',
        Array.from(value as Map<unknown, unknown>, ([k, v]) => [put(k), put(v)] as const),
      ];
    case 'Set':
      return ['set', Array.from(value as Set<unknown>, put)];
    case 'ArrayBuffer':
      return ['buffer', base64(new Uint8Array(value as ArrayBuffer))];
    case 'Boolean':
    case 'Number':
    case 'String':
      return ['boxed', put(value.valueOf())];
  }
  if (refusedTags.test(tag)) throw notCloneable();
  return ['object', Object.entries(value).map(([key, item]) => [key, put(item)] as const)];
}

/** JSON has no NaN, which is the time value of an invalid date. */
function packDate(date: Date): WireNode {
  const ms = date.getTime();
  return ['date', Number.isNaN(ms) ? null : ms];
}

function packError(value: object): WireNode {
  const { name, message, stack } = value as Error; // by its tag
  return ['error', name, message, stack ?? ''];
}

function base64(view: ArrayBufferView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let binary = '';
  for (let start = 0; start < bytes.length; start += 8192) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return btoa(binary);
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

function notCloneable(): Error {
  return new Error('An object could not be cloned.');
}
