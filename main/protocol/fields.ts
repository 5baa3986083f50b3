import type { NetworkFailure } from '../../common/failure.ts';
import { isObject, parseJson, utf8Text } from '../../common/json.ts';
import type { JsonObject } from '../../common/json.ts';
import type { Result } from '../../common/result.ts';
import { err } from '../../common/result.ts';
import { SECOND } from '../../common/time.ts';
import type { UrlRules } from '../../common/urls.ts';
import { endpointUrl } from '../../common/urls.ts';

type MalformedResponse = Extract<NetworkFailure, { code: 'malformed-response' }>;

/** The field named in the failure when the body is not a JSON object at all. */
const WHOLE_BODY = 'body';

/** Deeper documents are refused; nothing that Keyfob reads has more than five levels. */
const MAX_DEPTH = 32;

/** A field that is missing or wrong. Thrown by {@link Fields}, caught by {@link readFields}. */
class BadField extends Error {
  readonly field: string;

  constructor(field: string) {
    super(`Unusable field: ${field}`);
    this.field = field;
  }
}

/**
 * Reads a JSON object field by field. Fails with `malformed-response` at the first unusable field; the
 * failure names the field and quotes nothing. A body that is not an object is reported as field `body`.
 * To fail with something else, pass a function from the field to that failure instead of the host.
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
 * The fields of one JSON object. Only own properties count, so `__proto__` and `constructor` are names
 * like any other. A field that is null counts as absent. Methods without `optional` fail when the field
 * is absent; all fail when it has the wrong type.
 */
export class Fields {
  readonly #body: JsonObject;
  readonly #prefix: string;

  constructor(body: unknown, prefix: string) {
    if (!isObject(body)) throw new BadField(prefix === '' ? WHOLE_BODY : prefix);
    this.#body = body;
    this.#prefix = prefix === '' ? '' : `${prefix}.`;
  }

  /** Whether the field is present and not null. */
  has(field: string): boolean {
    return this.#value(field) !== undefined;
  }

  /** A non-empty string of at most `max` UTF-16 code units. */
  text(field: string, max = 65_536): string {
    const value = this.#value(field);
    if (typeof value !== 'string' || value === '' || value.length > max) this.#refuse(field);
    return value;
  }

  /** A string, possibly empty. */
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

  /** A number of seconds as milliseconds. Zero is allowed; a string is not a number. */
  secondsAsMs(field: string): number {
    const value = this.#value(field);
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) this.#refuse(field);
    return value * SECOND;
  }

  /** As {@link Fields.secondsAsMs}; null when absent. */
  optionalSecondsAsMs(field: string): number | null {
    return this.has(field) ? this.secondsAsMs(field) : null;
  }

  /** A finite number of either sign, also as a string of decimal digits (`"1800"`); null when absent. */
  optionalNumber(field: string): number | null {
    const value = this.#value(field);
    if (value === undefined) return null;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value);
    return this.#refuse(field);
  }

  /** Whether the field is exactly `true`. Never fails. */
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

  /** A nested object; a failure names its fields `field.nested`. */
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
    return fieldOf(this.#body, field);
  }

  #refuse(field: string): never {
    throw new BadField(this.#prefix + field);
  }
}

/** A field of a JSON object; undefined where it is absent, null, or `json` is not an object. */
export function fieldOf(json: unknown, name: string): unknown {
  if (!isObject(json) || !Object.hasOwn(json, name)) return undefined;
  return json[name] ?? undefined;
}

/**
 * A field in seconds as milliseconds; also where a server sent a string of digits. null when the field
 * is absent or cannot be read. Of either sign, not rounded, and possibly infinite (`1e999`): the caller
 * bounds it.
 */
export function secondsFieldAsMs(json: unknown, name: string): number | null {
  const value = fieldOf(json, name);
  if (typeof value === 'number') return Number.isNaN(value) ? null : value * SECOND;
  if (typeof value !== 'string' || !/^-?\d{1,15}(?:\.\d{1,15})?$/.test(value)) return null;
  return Number(value) * SECOND;
}

/**
 * The JSON value of a response's body; undefined when it is empty, not UTF-8, not JSON, or nested deeper
 * than 32 levels. Accepts a byte-order mark and any content type: static hosts send `text/plain`. Of two
 * fields with the same name the last one counts.
 *
 * Never rejects because of what a server sent: `Network` returns bodies that have already been read.
 */
export async function readJson(response: Response): Promise<unknown> {
  return parseShallowJson(new Uint8Array(await response.arrayBuffer()));
}

/** {@link readJson} for bytes. */
export function parseShallowJson(bytes: Uint8Array<ArrayBuffer>): unknown {
  const text = utf8Text(bytes);
  return text !== null && isShallow(text) ? parseJson(text) : undefined;
}

/** Counts brackets outside strings, before anything is parsed. */
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
