import { isObject } from '../../../common/json.ts';
import type { JsonObject } from '../../../common/json.ts';

/** Converts a record's fields to the next version. Pure; the input may be invalid. */
export type UpgradeStep = (fields: JsonObject) => JsonObject;

/** The result of an upgrade. */
export type Upgraded = Readonly<
  | { kind: 'upgraded'; fields: JsonObject }
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
  const tokens: JsonObject = { ...state.tokens, issuedUptime: null };
  if (state.kind === 'active') return { ...state, tokens, held: true };
  if (state.kind !== 'unverified') return { ...state, tokens };
  return { ...state, tokens, refreshSentAt: tokens.issuedAt };
}

/** Upgrades a record's fields to version `current`, step by step. */
export function upgrade(
  fields: JsonObject,
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
