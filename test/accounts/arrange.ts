import type {
  Account,
  AccountState,
  Lease,
  Tokens,
  WithTokens,
} from '../../main/accounts/account.ts';
import { refreshInDoubt, withFreshTokens } from '../../main/accounts/account.ts';
import { LiveAccount } from '../../main/accounts/live-account.ts';
import { activeLeases } from '../../main/accounts/leases.ts';
import type { Log, LogFields, Random } from '../../main/accounts/ports.ts';
import type { Session, StoredAccount } from '../../main/accounts/stored-account.ts';
import type { Surroundings } from '../../main/accounts/surroundings.ts';
import type { Network } from '../../main/protocol/http/network.ts';
import { NetworkError } from '../../main/protocol/http/network-error.ts';
import type { NetworkFailure } from '../../common/failure.ts';
import { Secret } from '../../main/protocol/secret.ts';
import { FakeClock } from '../fixtures/fake-clock.ts';
import { MemoryVault } from '../fixtures/memory-vault.ts';
import type { VaultAct } from '../fixtures/memory-vault.ts';
import { broken, json, scriptedNetwork } from '../protocol/http/scripted-network.ts';
import type { Answer, Asked } from '../protocol/http/scripted-network.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export const HOMESERVER = 'https://matrix.example.org';
export const ISSUER = 'https://auth.example.org/';

/** What each step of the protocol is answered; see `scriptedNetwork`. */
export type Script = Parameters<typeof scriptedNetwork>[0];

/** One line of the log. */
export type LogLine = Readonly<{ level: string; event: string; fields: LogFields }>;

/** A world for an account, and everything that happened in it. */
export type Bench = Readonly<{
  clock: FakeClock;
  vault: MemoryVault;
  world: Surroundings;
  asked: readonly Asked[];
  /** For each of them the login that it was made for. */
  loginIds: readonly (string | null)[];
  /** Saves and requests in the order in which they ended or began. */
  journal: readonly string[];
  logged: readonly LogLine[];
}>;

/** Makes a {@link Bench}. Chance is always 0, and every random byte is one more than the last. */
export function bench(script: Script = {}, clock = new FakeClock()): Bench {
  const journal: string[] = [];
  const logged: LogLine[] = [];
  const vault = new MemoryVault((act) => journal.push(wordsOf(act)));
  const { network, asked, loginIds } = scriptedNetwork(script);
  const watched: Network = (step, url, init) => {
    journal.push(`ask ${step}`);
    return network(step, url, init);
  };
  const world = { clock, vault, network: watched, random: counting(), log: logTo(logged) };
  return { clock, vault, world, asked, loginIds, journal, logged };
}

function counting(): Random {
  let last = 0;
  const next = () => (last = (last + 1) % 250);
  return { bytes: (n) => Uint8Array.from({ length: n }, next), fraction: () => 0 };
}

/** A log that keeps its lines. */
export function logTo(lines: LogLine[]): Log {
  const at =
    (level: string) =>
    (event: string, fields: LogFields = {}) =>
      void lines.push({ level, event, fields });
  const bug = (event: string, error: unknown) =>
    void lines.push({ level: 'bug', event, fields: { error: String(error) } });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), bug };
}

function wordsOf(act: VaultAct): string {
  const refused = act.failed ? 'not ' : '';
  if (act.kind === 'remove') return `${refused}removed`;
  return `${refused}saved ${storedWords(act.account)}`;
}

/** A record in a few words: `active A1 R1`, `active A0 R0, refresh sent`. */
export function storedWords({ state }: StoredAccount): string {
  if (state.kind === 'signed-out') return `signed-out ${state.why}`;
  const { access, refresh } = state.tokens;
  const sent = 'refreshSentAt' in state && state.refreshSentAt !== null ? ', refresh sent' : '';
  const revoked = state.kind === 'signing-out' && state.revokedAt !== null ? ', revoked' : '';
  const held = state.kind === 'active' && state.held ? ', held' : '';
  return `${state.kind} ${access.reveal()} ${refresh.reveal()}${held}${sent}${revoked}`;
}

export function session(over: Partial<Session> = {}): Session {
  return {
    server: {
      homeserver: HOMESERVER,
      issuer: ISSUER,
      tokenEndpoint: `${ISSUER}token`,
      revocationEndpoint: `${ISSUER}revoke`,
      accountManagementUri: `${ISSUER}account`,
      accountManagementActions: [],
    },
    clientId: 'client+/=1',
    metadataHash: 'hash',
    registeredAt: Date.UTC(2025, 11, 1),
    deviceId: 'DEVICE0001',
    scope: ['urn:matrix:client:api:*', 'urn:matrix:client:device:DEVICE0001'],
    userId: '@alice:example.org',
    displayName: 'Alice',
    ...over,
  };
}

/** The pair `A<n>`, `R<n>`, issued at 0 on the clock and good for five minutes. */
export function tokens(n: number, over: Partial<Tokens> = {}): Tokens {
  return {
    access: new Secret(`A${n}`),
    refresh: new Secret(`R${n}`),
    issuedAt: Date.UTC(2026, 0, 1),
    issuedUptime: { boot: 'boot 1', ms: 0 },
    lifetimeMs: 5 * MINUTE,
    expires: 5 * MINUTE,
    ...over,
  };
}

type Facts = Omit<WithTokens, 'tokens'>;
type WithoutFacts<S> = S extends WithTokens ? Omit<S, keyof Facts> & Partial<Facts> : S;

/** An account state; of its tokens nothing is known that it does not say. */
export type BareState = WithoutFacts<AccountState>;

/** The whole state. */
export function stateFrom(state: BareState): AccountState {
  return state.kind === 'signed-out' ? state : { ...withFreshTokens(state.tokens), ...state };
}

/** Alice's account with {@link tokens} 0, active unless told otherwise. */
export function account(state?: BareState, over: Partial<Account> = {}): Account {
  return {
    id: '00000000000000aa',
    label: 'alice',
    typed: '@alice:example.org',
    addedAt: Date.UTC(2025, 11, 1),
    policy: 'keep-fresh',
    session: session(),
    state: stateFrom(state ?? { kind: 'active', tokens: tokens(0) }),
    pendingWrite: null,
    spread: 0,
    ...over,
  };
}

/** The same account, to which a refresh was sent at `at` (epoch milliseconds) that nobody has heard of since. */
export function afterSending(sender: Account, at: number): Account {
  const { state } = sender;
  if (state.kind === 'signed-out') throw new Error('It has no tokens');
  return { ...sender, state: { ...state, refreshSentAt: { at, sent: 0 } } };
}

/** An account in use on a bench, and how often it said that it changed. */
export function liveOn({ world }: Bench, held: Account = account()): LiveAccount {
  return new LiveAccount(held, world, () => undefined);
}

/** Who holds the token of a live account, now. */
export function leasesOf({ clock }: Pick<Bench, 'clock'>, live: LiveAccount): readonly Lease[] {
  return activeLeases(live.account, clock.elapsed());
}

/** Whether the response to a refresh of a live account may be lost. */
export function inDoubt(live: LiveAccount): boolean {
  return refreshInDoubt(live.account);
}

/**
 * The state of an account without its secrets' wrapping: what a test compares. Facts about its tokens
 * only where there is something to know.
 */
export function stateOf(live: LiveAccount): Record<string, unknown> {
  const { state } = live.account;
  if (state.kind === 'signed-out') return state;
  const { tokens, refreshSentAt, leases, retryGate, ...rest } = state;
  return {
    ...rest,
    tokens: `${tokens.access.reveal()} ${tokens.refresh.reveal()}`,
    ...(refreshSentAt !== null && { refreshSentAt }),
    ...(leases.length > 0 && { leases }),
    ...(retryGate !== null && { retryGate }),
  };
}

/** A good answer of the token endpoint: the pair `A<n>`, `R<n>`. */
export function newTokens(n: number, over: Record<string, unknown> = {}): Answer {
  return json({
    access_token: `A${n}`,
    refresh_token: `R${n}`,
    token_type: 'Bearer',
    expires_in: 300,
    ...over,
  });
}

/** An OAuth error. */
export function oauthError(error: string, status = 400): Answer {
  return json({ error }, status);
}

/** What a homeserver says of a token that it does not take. */
export const unknownToken: Answer = json({ errcode: 'M_UNKNOWN_TOKEN', error: 'No' }, 401);

/** What a homeserver says of Alice's token. */
export const itIsAlice: Answer = json({ user_id: '@alice:example.org', device_id: 'DEVICE0001' });

/** The connection broke after the request was sent. */
export const lostAnswer: Answer = noAnswer('reset');

/** The request never left. */
export const offline: Answer = noAnswer('offline');

export function noAnswer(why: Extract<NetworkFailure, { code: 'unreachable' }>['why']): Answer {
  return broken(new NetworkError({ code: 'unreachable', host: 'auth.example.org', why }));
}

/** An answer that waits until `open` is called. */
export function gated(answer: Answer): Readonly<{ answer: Answer; open: () => void }> {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  return {
    answer: async (asked) => {
      await gate;
      return answer(asked);
    },
    open: () => open(),
  };
}

/** The form that was sent. */
export function formOf(asked: Asked | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(asked?.body ?? ''));
}

/** How often each step was asked. */
export function counts(asked: readonly Asked[]): Partial<Record<string, number>> {
  const counted: Partial<Record<string, number>> = {};
  for (const { step } of asked) counted[step] = (counted[step] ?? 0) + 1;
  return counted;
}
