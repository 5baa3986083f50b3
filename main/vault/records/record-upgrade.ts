/** The fields of a record of any version, not yet checked. */
export type RecordFields = Readonly<Record<string, unknown>>;

/** Turns the fields of a record into those of the next version. Pure; may be given nonsense. */
export type UpgradeStep = (fields: RecordFields) => RecordFields;

/** Whether a value is an object with fields, and no list. */
export function isObject(value: unknown): value is RecordFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What became of a record's fields. */
export type Upgraded = Readonly<
  | { kind: 'upgraded'; fields: RecordFields }
  | { kind: 'newer'; version: number }
  | { kind: 'unreadable' }
>;

/** The step from version `n` to `n + 1` stands under `n`. */
export const UPGRADE_STEPS: ReadonlyMap<number, UpgradeStep> = new Map<number, UpgradeStep>([
  // Version 1 lay under a name of its own for the newest copy, and so needed no turn.
  [1, (fields) => ({ ...fields, turn: 0 })],
  [2, (fields) => ({ ...fields, state: withNotes(fields.state) })],
]);

/**
 * Version 2 kept the wall clock alone, did not note a refresh of an unverified account, nor whether a
 * token was handed out. So nothing is known of its tokens' age, such a refresh counts as sent, and the
 * token as held.
 */
function withNotes(state: unknown): unknown {
  if (!isObject(state) || !isObject(state.tokens)) return state;
  const tokens: RecordFields = { ...state.tokens, issuedUptime: null };
  if (state.kind === 'active') return { ...state, tokens, held: true };
  if (state.kind !== 'unverified') return { ...state, tokens };
  return { ...state, tokens, refreshSentAt: tokens.issuedAt };
}

/** Brings a record's fields to version `current`, step by step. */
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
