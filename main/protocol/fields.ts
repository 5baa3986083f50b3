import type { NetworkFailure } from '../../common/failure.ts';
import { isObject, parseJson, utf8Text } from '../../common/json.ts';
import type { JsonObject } from '../../common/json.ts';
import type { Result } from '../../common/result.ts';
import { err } from '../../common/result.ts';
import type { UrlRules } from '../../common/urls.ts';
import { endpointUrl } from '../../common/urls.ts';

type MalformedResponse = Extract<NetworkFailure, { code: 'malformed-response' }>;

/** The field that a body is blamed with when it is no JSON object at all. */
const WHOLE_BODY = 'body';

/** Deeper documents are refused: nothing we read has more than five levels. */
const MAX_DEPTH = 32;

/** A member that is not what it has to be. Thrown by {@link Fields}, caught by {@link readFields}. */
class BadField extends Error {
  readonly field: string;

  constructor(field: string) {
    super(`Unusable field: ${field}`);
    this.field = field;
  }
}

/**
 * Reads a JSON object member by member. The first unusable one ends the reading with
 * `malformed-response`, which names the field and quotes nothing; a body that is no object is
 * field `body`. Where another failure says more, pass a function from the field to that failure
 * instead of the host.
 */
export function readFields<T, F = never>(
  host: string,
  body: unknown,
  read: (fields: Fields) => Result<T, F>,
): Result<T, F | MalformedResponse>;
export function readFields<T, B, F = never>(
  blame: (field: string) => B,
  body: unknown,
  read: (fields: Fields) => Result<T, F>,
): Result<T, F | B>;
export function readFields<T, F, B>(
  where: string | ((field: string) => B),
  body: unknown,
  read: (fields: Fields) => Result<T, F>,
): Result<T, F | B | MalformedResponse> {
  try {
    return read(new Fields(body, ''));
  } catch (error) {
    if (!(error instanceof BadField)) throw error;
    if (typeof where === 'function') return err(where(error.field));
    return err({ code: 'malformed-response', host: where, field: error.field });
  }
}

/**
 * The members of one JSON object. Only its own members count, so `__proto__` and `constructor` are
 * names like any other; a member that is null is absent. Methods without `optional` end the reading
 * when the member is absent, and all of them when it has the wrong type.
 */
export class Fields {
  readonly #body: JsonObject;
  readonly #prefix: string;

  constructor(body: unknown, prefix: string) {
    if (!isObject(body)) {
      throw new BadField(prefix === '' ? WHOLE_BODY : prefix);
    }
    this.#body = body;
    this.#prefix = prefix === '' ? '' : `${prefix}.`;
  }

  /** Whether the member is there and not null. */
  has(field: string): boolean {
    return this.#value(field) !== undefined;
  }

  /** A string that is not empty, of at most `max` UTF-16 units. */
  text(field: string, max = 65_536): string {
    const value = this.#value(field);
    if (typeof value !== 'string' || value === '' || value.length > max) this.#refuse(field);
    return value;
  }

  /** A string, the empty one too. */
  anyText(field: string): string {
    const value = this.#value(field);
    return typeof value === 'string' ? value : this.#refuse(field);
  }

  /** As {@link Fields.text}; null when absent. */
  optionalText(field: string, max?: number): string | null {
    return this.has(field) ? this.text(field, max) : null;
  }

  /** A URL by the rules of `endpointUrl`. */
  httpsUrl(field: string, rules: UrlRules = { loopback: false }): URL {
    return endpointUrl(this.text(field), rules) ?? this.#refuse(field);
  }

  /** As {@link Fields.httpsUrl}; null when absent. */
  optionalUrl(field: string, rules?: UrlRules): URL | null {
    return this.has(field) ? this.httpsUrl(field, rules) : null;
  }

  /** Seconds on the wire, milliseconds from here on. Zero is a value; a string is not a number. */
  secondsAsMs(field: string): number {
    const value = this.#value(field);
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) this.#refuse(field);
    return value * 1_000;
  }

  /** As {@link Fields.secondsAsMs}; null when absent. */
  optionalSecondsAsMs(field: string): number | null {
    return this.has(field) ? this.secondsAsMs(field) : null;
  }

  /**
   * A finite number of either sign, also where a server wrote it as a string of decimal digits
   * (`"1800"`); null when absent.
   */
  optionalNumber(field: string): number | null {
    const value = this.#value(field);
    if (value === undefined) return null;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value);
    return this.#refuse(field);
  }

  /** Whether the member is exactly `true`. Never ends the reading. */
  isTrue(field: string): boolean {
    return this.#value(field) === true;
  }

  /** A list of strings, empty ones included. */
  texts(field: string): readonly string[] {
    const value = this.#value(field);
    if (!Array.isArray(value)) this.#refuse(field);
    if (!value.every((item) => typeof item === 'string')) this.#refuse(field);
    return value;
  }

  /** As {@link Fields.texts}; null when absent. */
  optionalTexts(field: string): readonly string[] | null {
    return this.has(field) ? this.texts(field) : null;
  }

  /** A nested object; its members are named `field.member` when they are to blame. */
  object(field: string): Fields {
    return new Fields(this.#value(field), this.#prefix + field);
  }

  /** As {@link Fields.object}; null when absent. */
  optionalObject(field: string): Fields | null {
    return this.has(field) ? this.object(field) : null;
  }

  /** A list of objects. */
  objects(field: string): readonly Fields[] {
    const value = this.#value(field);
    if (!Array.isArray(value)) this.#refuse(field);
    return value.map((item: unknown) => new Fields(item, this.#prefix + field));
  }

  #value(field: string): unknown {
    if (!Object.hasOwn(this.#body, field)) return undefined;
    return this.#body[field] ?? undefined;
  }

  #refuse(field: string): never {
    throw new BadField(this.#prefix + field);
  }
}

/**
 * The JSON value in an answer's body, or undefined when there is none: no body, not UTF-8 (UTF-16
 * included), not JSON, or nested deeper than 32 levels. A byte-order mark is tolerated, and so is
 * every content type: static hosts send `text/plain`. Of two members with one name the last counts.
 *
 * Never rejects for what a server sent: `Network` hands over bodies that are read already.
 */
export async function readJson(response: Response): Promise<unknown> {
  return parseShallowJson(new Uint8Array(await response.arrayBuffer()));
}

/** {@link readJson} for bytes at hand. */
export function parseShallowJson(bytes: Uint8Array): unknown {
  const text = utf8Text(bytes);
  return text !== null && isShallow(text) ? parseJson(text) : undefined;
}

/** Counts brackets outside strings, before anything is built. */
function isShallow(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (inString) {
      if (character === '\\') i += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth > MAX_DEPTH) return false;
  }
  return true;
}
