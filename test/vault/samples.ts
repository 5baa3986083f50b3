import fc from 'fast-check';
import type { StoredAccount, StoredState } from '../../main/accounts/record.ts';
import { Secret } from '../../main/protocol/secret.ts';
import type { VaultFailure } from '../../common/failure.ts';
import { ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import type { FileLayer } from '../../main/vault/files/file-layer.ts';
import type { OpenVault } from '../../main/vault/file-vault.ts';
import { unprotectedKeyProvider } from '../../main/vault/keys/unprotected-key.ts';
import { openVault } from '../../main/vault/open-vault.ts';
import type { Unlock } from '../../main/vault/open-vault.ts';

export const NOW = Date.UTC(2026, 10, 23, 6, 51, 0, 123);
export const FOLDER = '/home/alice/vault';

/** An account whose tokens name their generation. */
export function account(id: string, generation = 1): StoredAccount {
  const tokens = {
    access: new Secret(`mat_access_${id}_${generation}`),
    refresh: new Secret(`mar_refresh_${id}_${generation}`),
    issuedAt: NOW + generation,
    issuedUptime: { boot: 'e5f1', ms: 60_000 + generation },
    lifetimeMs: 300_000,
  };
  return {
    id,
    label: `label ${id}`,
    typed: '@alice:example.org',
    addedAt: NOW,
    policy: 'keep-fresh',
    session: {
      server: {
        homeserver: 'https://matrix.example.org',
        issuer: 'https://auth.example.org/',
        tokenEndpoint: 'https://auth.example.org/oauth2/token',
        revocationEndpoint: 'https://auth.example.org/oauth2/revoke',
        accountManagementUri: null,
        accountManagementActions: ['org.matrix.session_end'],
      },
      clientId: '01J00000000000000000000000',
      metadataHash: 'c0ffee',
      registeredAt: NOW,
      deviceId: 'ABCDEFGHIJ',
      scope: ['urn:matrix:client:api:*', 'urn:matrix:client:device:ABCDEFGHIJ'],
      userId: '@alice:example.org',
      displayName: 'Alice',
    },
    state: { kind: 'active', tokens, refreshSentAt: null, held: false },
  };
}

/** The account as loaded if its newest record may be lost: it refreshes its tokens first. */
export function inDoubt(kept: StoredAccount): StoredAccount {
  if (kept.state.kind !== 'active' && kept.state.kind !== 'unverified') return kept;
  return { ...kept, state: { ...kept.state, refreshSentAt: NOW } };
}

export const unprotected: Unlock = () =>
  Promise.resolve(ok(unprotectedKeyProvider({ consent: true, consentedAt: NOW })));

/** Opens the vault on that disk, or fails the test. */
export async function opened(files: FileLayer, unlock: Unlock = unprotected): Promise<OpenVault> {
  const outcome = await openVault({ folder: FOLDER, unlock, files, now: () => NOW });
  if (!outcome.ok) throw new Error(`Cannot open the vault: ${outcome.failure.code}`);
  return outcome.value;
}

/** Needed to compare tokens: `toEqual` treats any two secrets as equal. */
export function revealed(account: StoredAccount): unknown {
  return JSON.parse(
    JSON.stringify(account, function (this: unknown, name: string, value: unknown) {
      const holder = this as Record<string, unknown>; // JSON.stringify calls with the object that holds `name`
      const original = holder[name];
      return original instanceof Secret ? `revealed: ${original.reveal()}` : value;
    }),
  );
}

const moment = fc.maxSafeNat();
const text = fc.string({ unit: 'binary' });
const secret = text.map((value) => new Secret(value));
const tokens = fc.record({
  access: secret,
  refresh: secret,
  issuedAt: moment,
  issuedUptime: fc.option(fc.record({ boot: fc.option(text), ms: moment })),
  lifetimeMs: fc.option(moment),
});
const state: fc.Arbitrary<StoredState> = fc.oneof(
  fc.record({ kind: fc.constant('unverified' as const), tokens, refreshSentAt: fc.option(moment) }),
  fc.record({
    kind: fc.constant('active' as const),
    tokens,
    refreshSentAt: fc.option(moment),
    held: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('signed-out' as const),
    why: fc.constantFrom('by-user', 'ended-by-server', 'registration-gone', 'unconfirmed'),
  }),
  fc.record({
    kind: fc.constant('signing-out' as const),
    tokens,
    since: moment,
    revokedAt: fc.option(moment),
  }),
);

/** Any account that the types permit. */
export const anyAccount: fc.Arbitrary<StoredAccount> = fc.record({
  id: fc.stringMatching(/^[0-9a-f]{16}$/),
  label: text,
  typed: text,
  addedAt: moment,
  policy: fc.constantFrom('keep-fresh', 'on-demand'),
  session: fc.record({
    server: fc.record({
      homeserver: text,
      issuer: text,
      tokenEndpoint: text,
      revocationEndpoint: fc.option(text),
      accountManagementUri: fc.option(text),
      accountManagementActions: fc.array(text),
    }),
    clientId: text,
    metadataHash: text,
    registeredAt: moment,
    deviceId: text,
    scope: fc.array(text),
    userId: fc.option(text),
    displayName: fc.option(text),
  }),
  state,
});

/** The result of a step that must succeed. */
export function unwrapped<T>(outcome: Result<T, VaultFailure>): T {
  if (!outcome.ok) throw new Error(`This had to work: ${outcome.failure.code}`);
  return outcome.value;
}
