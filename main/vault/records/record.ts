import * as v from 'valibot';
import type { StoredAccount, StoredState, StoredTokens } from '../../accounts/record.ts';
import { isObject, parseJsonBytes } from '../../../common/json.ts';
import { unexpected } from '../../../common/result.ts';
import { Secret } from '../../protocol/secret.ts';
import { upgrade, UPGRADE_STEPS } from './record-upgrade.ts';

const RECORD_VERSION = 3;

const number = v.pipe(v.number(), v.finite());
const texts = v.array(v.string());
const secret = v.pipe(
  v.string(),
  v.transform((text) => new Secret(text)),
);

const tokens = v.strictObject({
  access: secret,
  refresh: secret,
  issuedAt: number,
  issuedUptime: v.nullable(v.strictObject({ boot: v.nullable(v.string()), ms: number })),
  lifetimeMs: v.nullable(number),
});

const refreshSentAt = v.nullable(number);

const stateRecord = v.variant('kind', [
  v.strictObject({ kind: v.literal('unverified'), tokens, refreshSentAt }),
  v.strictObject({ kind: v.literal('active'), tokens, refreshSentAt, held: v.boolean() }),
  v.strictObject({
    kind: v.literal('signed-out'),
    why: v.picklist(['by-user', 'ended-by-server', 'registration-gone', 'unconfirmed']),
  }),
  v.strictObject({
    kind: v.literal('signing-out'),
    tokens,
    since: number,
    revokedAt: v.nullable(number),
  }),
]);

/** Strict: an unknown field would be lost at the next save, so a new field takes a new version. */
const record = v.strictObject({
  record: v.literal(RECORD_VERSION),
  turn: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  label: v.string(),
  typed: v.string(),
  addedAt: number,
  policy: v.picklist(['keep-fresh', 'on-demand']),
  session: v.strictObject({
    server: v.strictObject({
      homeserver: v.string(),
      issuer: v.string(),
      tokenEndpoint: v.string(),
      revocationEndpoint: v.nullable(v.string()),
      accountManagementUri: v.nullable(v.string()),
      accountManagementActions: texts,
    }),
    clientId: v.string(),
    metadataHash: v.string(),
    registeredAt: number,
    deviceId: v.string(),
    scope: texts,
    userId: v.nullable(v.string()),
    displayName: v.nullable(v.string()),
  }),
  state: stateRecord,
});

/** The result of reading bytes as a record. `newer`: written by a later version of Keyfob. */
export type RecordReading = Readonly<
  /** `generation`: of an account's two copies, the one with the higher generation is newer. `turn` on disk. */
  | { kind: 'read'; account: StoredAccount; generation: number }
  | { kind: 'newer'; version: number }
  | { kind: 'unreadable' }
>;

/** Reads a record of this version or an older one. Never throws. */
export function readRecord(bytes: Uint8Array): RecordReading {
  const fields = parseJsonBytes(bytes);
  if (!isObject(fields)) return { kind: 'unreadable' };
  const upgraded = upgrade(fields, RECORD_VERSION, UPGRADE_STEPS);
  if (upgraded.kind !== 'upgraded') return upgraded;
  const parsed = v.safeParse(record, upgraded.fields, { abortEarly: true });
  if (!parsed.success) return { kind: 'unreadable' };
  const { turn: generation, id, label, typed, addedAt, policy, session, state } = parsed.output;
  const account = { id, label, typed, addedAt, policy, session, state };
  return { kind: 'read', account, generation };
}

/**
 * Serializes an account's record, tokens in plain text, ready to be sealed. Throws a TypeError if the
 * result could not be read back: that is a bug, and it must not replace a record that can be read.
 */
export function writeRecord(account: StoredAccount, generation: number): Uint8Array {
  const bytes = new TextEncoder().encode(
    JSON.stringify({ ...fieldsOf(account), turn: generation }),
  );
  if (readRecord(bytes).kind !== 'read') {
    // The message says nothing of the content: the record holds tokens.
    throw new TypeError(`Cannot write the record of ${account.id}: it could not be read again`);
  }
  return bytes;
}

/** Copies field by field, so that properties beyond the type never reach the disk. */
function fieldsOf({ id, label, typed, addedAt, policy, session, state }: StoredAccount) {
  const { homeserver, issuer, tokenEndpoint, revocationEndpoint } = session.server;
  const { accountManagementUri, accountManagementActions } = session.server;
  const { clientId, metadataHash, registeredAt, deviceId, scope, userId, displayName } = session;
  const server = {
    homeserver,
    issuer,
    tokenEndpoint,
    revocationEndpoint,
    accountManagementUri,
    accountManagementActions,
  };
  return {
    record: RECORD_VERSION,
    id,
    label,
    typed,
    addedAt,
    policy,
    session: { server, clientId, metadataHash, registeredAt, deviceId, scope, userId, displayName },
    state: stateFields(state),
  };
}

function stateFields(state: StoredState) {
  const { kind } = state;
  switch (kind) {
    case 'unverified':
      return { kind, tokens: tokenFields(state.tokens), refreshSentAt: state.refreshSentAt };
    case 'active': {
      const { tokens, refreshSentAt, held } = state;
      return { kind, tokens: tokenFields(tokens), refreshSentAt, held };
    }
    case 'signed-out':
      return { kind, why: state.why };
    case 'signing-out': {
      const { tokens, since, revokedAt } = state;
      return { kind, tokens: tokenFields(tokens), since, revokedAt };
    }
    default:
      return unexpected(kind);
  }
}

function tokenFields({ access, refresh, issuedAt, issuedUptime, lifetimeMs }: StoredTokens) {
  return {
    access: access.reveal(),
    refresh: refresh.reveal(),
    issuedAt,
    issuedUptime: issuedUptime && { boot: issuedUptime.boot, ms: issuedUptime.ms },
    lifetimeMs,
  };
}
