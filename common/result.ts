/** The result of a step: a value or an expected failure. Exceptions are for bugs. */
export type Result<T, F> = Readonly<{ ok: true; value: T }> | Readonly<{ ok: false; failure: F }>;

/** A success. */
export function ok<T>(value: T): Readonly<{ ok: true; value: T }> {
  return { ok: true, value };
}

/** An expected failure. */
export function err<const F>(failure: F): Readonly<{ ok: false; failure: F }> {
  return { ok: false, failure };
}

/** The default of a `switch` over a union: an unhandled case does not compile, and throws at run time. */
export function unexpected(value: never): never {
  throw new TypeError(`Unhandled case: ${JSON.stringify(value)}`);
}
