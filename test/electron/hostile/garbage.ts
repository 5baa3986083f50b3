/// <reference lib="dom" />

/** A bridge method's result for invalid arguments. */
export type Answer = Readonly<{
  method: string;
  what: string;
  end: 'refused' | 'rejected' | 'threw' | 'subscribed' | 'answered';
  /** The failure's code, the error's message, or the reply. */
  text: string;
}>;

/** What `plantGarbage` stores in the page. */
type Planted = Window & { garbage: readonly (readonly [what: string, value: unknown])[] };

/** Runs in the page: stores a table of values there that no method of the bridge accepts, or only as a no-op. */
// eslint-disable-next-line max-lines-per-function -- runs in the page, so it can't call functions outside of it
export function plantGarbage(): void {
  const trap = (): never => {
    throw new Error('a trap of the page');
  };
  const cycle: unknown[] = [];
  cycle.push(cycle, { cycle });
  const nested = (depth: number): unknown => {
    let value: unknown = 'bottom';
    for (let level = 0; level < depth; level += 1) value = [value];
    return value;
  };
  const polluting = JSON.parse(
    '{"__proto__":{"clipboardMs":0},"constructor":{"prototype":{"clipboardMs":0}}}',
  ) as unknown;
  const trapped = new Proxy({}, { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap });
  const lying = new Proxy([], { get: () => 'token', has: () => true });
  const shared = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer;
  const texts = ['', ' ', '__proto__', 'constructor', '\0', '\ud800', '\u202etoken', '../../vault'];
  const long = [2_049, 200_000].map((length) => 'x'.repeat(length));
  const numbers = [0, -0, -1, 1e308, NaN, -Infinity, 10n ** 40n];
  const lists = [[], ['id'], [[]], ['id', 'token', 'more'], { length: 2, 0: 'id', 1: 'token' }];
  const kinds: readonly unknown[] = [
    [Symbol('id'), Symbol.iterator],
    [
      Promise.resolve('id'),
      { then: trap },
      new Date(NaN),
      /id/g,
      new Error('id', { cause: cycle }),
    ],
    [new Map([['id', 'token']]), new Set(['id']), new WeakMap(), new WeakRef({})],
    [new Uint8Array(8), new DataView(new ArrayBuffer(8)), new ArrayBuffer(8), shared],
    [new String('id'), new Number(1), Object(Symbol('id')), Object(1n)],
    [window, window.keyfob, document.body, new Blob(['id']), new MessageChannel().port1],
  ].flat();
  const functions = [() => 'id', trap, Date, Function.prototype];
  const objects: Readonly<Record<string, unknown>> = {
    undefined,
    null: null,
    true: true,
    'an object': {},
    'an object without prototype': Object.create(null) as unknown,
    'an object that would change all others': polluting,
    'an object with a getter that throws': Object.defineProperty({}, 'server', {
      get: trap,
      enumerable: true,
    }),
    'an object that cannot be a text': { toString: trap, valueOf: trap, toJSON: trap },
    'an object with a symbol': { [Symbol('server')]: 'id' },
    'a proxy that throws': trapped,
    'a proxy that says yes to everything': lying,
    'a cycle': cycle,
    'a nest of 900 lists': nested(900),
    'a nest of 5000 lists': nested(5_000),
  };
  const numbered = (name: string, values: readonly unknown[]) =>
    values.map((value, index) => [`${name} ${index}`, value] as const);
  (window as unknown as Planted).garbage = [
    ...Object.entries(objects),
    ...numbered('text', [...texts, ...long]),
    ...numbered('number', numbers),
    ...numbered('list', lists),
    ...numbered('kind', kinds),
    ...numbered('function', functions),
  ];
}

/** Runs in the page: calls every method with each value of the table, passed once, twice and three times. */
export async function callWithGarbage(): Promise<readonly Answer[]> {
  type Method = (...args: readonly unknown[]) => unknown;
  const { garbage } = window as unknown as Planted;
  const methods = Object.entries(window.keyfob) as unknown as [string, Method][];
  const attempt = async (
    method: string,
    run: Method,
    what: string,
    args: readonly unknown[],
  ): Promise<Answer> => {
    let asked: unknown;
    try {
      asked = run(...args);
    } catch (error) {
      return { method, what, end: 'threw', text: String(error) };
    }
    if (typeof asked === 'function') {
      (asked as Method)();
      return { method, what, end: 'subscribed', text: '' };
    }
    try {
      const reply = (await asked) as Readonly<{ ok: boolean; failure?: { code: string } }>;
      if (!reply.ok && typeof reply.failure?.code === 'string')
        return { method, what, end: 'refused', text: reply.failure.code };
      return { method, what, end: 'answered', text: JSON.stringify(reply) };
    } catch (error) {
      return { method, what, end: 'rejected', text: String(error) };
    }
  };
  const answers: Answer[] = [];
  // Method by method, to limit what main has to hold at the same time.
  for (const [method, run] of methods) {
    const calls = garbage.flatMap(([what, value]) =>
      [1, 2, 3].map((times) => attempt(method, run, what, Array<unknown>(times).fill(value))),
    );
    answers.push(...(await Promise.all(calls)));
  }
  return answers;
}

/** Runs in the page: makes these calls in order and returns each one's failure code, or how else it ended. */
export async function codesOf(
  calls: readonly (readonly [method: string, args: readonly unknown[]])[],
): Promise<readonly string[]> {
  const bridge = window.keyfob as unknown as Record<
    string,
    (...args: readonly unknown[]) => Promise<Readonly<{ ok: boolean; failure?: { code: string } }>>
  >;
  const codes: string[] = [];
  for (const [method, args] of calls) {
    const code = await bridge[method]!(...args).then(
      (reply) => reply.failure?.code ?? 'worked',
      (error: unknown) => (String(error).endsWith('arguments refused') ? 'refused' : String(error)),
    );
    codes.push(code);
  }
  return codes;
}
