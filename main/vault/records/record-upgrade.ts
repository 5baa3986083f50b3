/** The fields of a record of any version, not validated yet. */
export type RecordFields = Readonly<Record<string, unknown>>;

/** Converts a record's fields to the next version. Pure; the input may be invalid. */
export type UpgradeStep = (fields: RecordFields) => RecordFields;

/** Whether a value is an object with fields, and no list. */
export function isObject(value: unknown): value is RecordFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The result of an upgrade. */
export type Upgraded = Readonly<
  | { kind: 'upgraded'; fields: RecordFields }
  | { kind: 'newer'; version: number }
  | { kind: 'unreadable' }
>;

/** Keyed by the version a step starts from. */
export const UPGRADE_STEPS: ReadonlyMap<number, UpgradeStep> = new Map<number, UpgradeStep>([
  // Version 1 told the newest copy by its file name, so it had no `turn`.
  [1, (fields) => ({ ...fields, turn: 0 })],
  [2, (fields) => ({ ...fields, state: withNotes(fields.state) })],
]);

/**
 * Version 2 stored only the wall clock, didn't note the refresh of an unverified account, and didn't
 * note whether a token was handed out. So the tokens' age is unknown, such a refresh counts as sent, and
 * the token as handed out.
 */
function withNotes(state: unknown): unknown {
  if (!isObject(state) || !isObject(state.tokens)) return state;
  const tokens: RecordFields = { ...state.tokens, issuedUptime: null };
  if (state.kind === 'active') return { ...state, tokens, held: true };
  if (state.kind !== 'unverified') return { ...state, tokens };
  return { ...state, tokens, refreshSentAt: tokens.issuedAt };
}

/** Upgrades a record's fields to version `current`, step by step. */
export function upgrade(
  fields: RecordFields,
  current: number,
  steps: ReadonlyMap<number, UpgradeStep>,
): Upgraded {
  const { record: version } = fields;
  if (typeof version !== 'number' || !Number.isSafeInteger(version)) return { kind: 'unreadable' };
  if (version > current) return { kind: 'newer', version };
  let upgraded = fields;
  for (let from = version; from < current; from += 1) {
    const step = steps.get(from);
    if (step === undefined) return { kind: 'unreadable' };
    upgraded = { ...step(upgraded), record: from + 1 };
  }
  return { kind: 'upgraded', fields: upgraded };
}
