import fc from 'fast-check';

/** A secret in hostile responses, which a reader must never return. */
export const PLANTED = 'syt_Planted~Secret-0123456789';

/** How often a property is tried. */
export const FUZZ = { numRuns: 10_000 } as const;

/** How long that may take: seconds when left alone, longer on a busy machine. Milliseconds. */
export const FUZZ_MS = 120_000;

const TEXTS = [
  '',
  ' ',
  'x',
  'https://auth.example.org/',
  'https://auth.example.org/a?b=c',
  'https://matrix.example.org///',
  `https://user:${PLANTED}@auth.example.org/`,
  `https://auth.example.org/#${PLANTED}`,
  'http://auth.example.org/',
  'http://127.0.0.1:1/',
  'https:auth.example.org',
  '//auth.example.org/',
  '/relative',
  'javascript:alert(1)',
  'https://[::1/',
  'v1.18',
  'm.login.password',
  'urn:ietf:params:oauth:grant-type:device_code',
  'invalid_client_metadata',
  'M_FORBIDDEN',
  'line\nbreak\u202e\u0000',
  '\ud800',
] as const;

/** Names that carry secrets, whatever the endpoint. */
const SECRET_NAMES = ['access_token', 'client_secret', 'registration_access_token', 'device_code'];

function value(names: readonly string[]): fc.Arbitrary<unknown> {
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(...TEXTS),
    fc.constantFrom<unknown>(null, true, false, 0, -1, 1e308, 5),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
  return fc.oneof(
    leaf,
    fc.array(leaf, { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), leaf, { maxKeys: 3 }),
    fc.array(fc.dictionary(fc.constantFrom(...names), leaf, { maxKeys: 3 }), { maxLength: 2 }),
  );
}

/**
 * JSON texts as a hostile server might send them: the members named with any values, twice, under
 * `__proto__`, beside secrets.
 */
export function hostileJson(names: readonly string[]): fc.Arbitrary<string> {
  const all = [...names, '__proto__', 'constructor'];
  const member = fc.tuple(fc.constantFrom(...all), value(all));
  const secret = fc.tuple(fc.constantFrom(...SECRET_NAMES), fc.constant<unknown>(PLANTED));
  const object = fc
    .tuple(fc.array(member, { maxLength: all.length * 2 }), fc.array(secret, { maxLength: 2 }))
    .map(([members, secrets]) => {
      const written = [...members, ...secrets].map(
        ([name, content]) => `${JSON.stringify(name)}:${JSON.stringify(content)}`,
      );
      return `{${written.join(',')}}`;
    });
  return fc.oneof({ weight: 8, arbitrary: object }, fc.json({ maxDepth: 3 }));
}

/** Bodies as a hostile server might send them: mostly {@link hostileJson}, whole, cut or recoded. */
export function hostileBytes(names: readonly string[]): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const json = hostileJson(names);
  const utf8 = (text: string) => new TextEncoder().encode(text);
  return fc.oneof(
    { weight: 12, arbitrary: json.map(utf8) },
    json.map((text) => utf8(`\ufeff${text}`)),
    json.map((text) => utf8(text.slice(0, text.length / 2))),
    json.map((text) => new Uint8Array(Uint16Array.from(text, (c) => c.charCodeAt(0)).buffer)),
    fc.nat(70_000).map((depth) => utf8('['.repeat(depth))),
    fc.constant(utf8(`<!doctype html><p>${PLANTED}</p>`)),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Uint8Array.from(bytes)),
  );
}

/** Statuses, the plausible ones first. */
export const hostileStatus = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(200, 200, 201, 404) },
  fc.constantFrom(204, 301, 304, 400, 401, 403, 405, 408, 409, 422, 429, 500, 502, 503, 599),
);

/** Whole responses. */
export function hostileAnswer(
  names: readonly string[],
): fc.Arbitrary<Readonly<{ status: number; bytes: Uint8Array<ArrayBuffer>; type: string }>> {
  return fc.record({
    status: hostileStatus,
    bytes: hostileBytes(names),
    type: fc.constantFrom('application/json', 'text/html', 'application/octet-stream'),
  });
}
