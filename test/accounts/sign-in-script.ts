import type { Asked as Code } from '../../main/accounts/code-request.ts';
import type { AuthServer } from '../../main/protocol/discovery/auth-server.ts';
import { DEFAULT_CLIENT } from '../../main/protocol/oauth/client-metadata.ts';
import { Accounts } from '../../main/accounts/accounts.ts';
import { Logins } from '../../main/accounts/logins.ts';
import type { LoginSnapshot } from '../../common/snapshots.ts';
import { readServerMetadata } from '../../main/protocol/discovery/server-metadata.ts';
import { Secret } from '../../main/protocol/secret.ts';
import { json, raw } from '../protocol/http/scripted-network.ts';
import type { Bench, Script } from './arrange.ts';
import { bench, HOMESERVER, ISSUER, itIsAlice, MINUTE, newTokens, SECOND } from './arrange.ts';

/** The metadata of the authorization server. */
export const metadata = {
  issuer: ISSUER,
  token_endpoint: `${ISSUER}token`,
  registration_endpoint: `${ISSUER}register`,
  device_authorization_endpoint: `${ISSUER}device`,
  revocation_endpoint: `${ISSUER}revoke`,
};

/** A code that lives half an hour, to be asked about every five seconds. */
export const aCode = json({
  device_code: 'DC-secret',
  user_code: '7XK0QB',
  verification_uri: `${ISSUER}link`,
  expires_in: 1_800,
  interval: 5,
});

/** Everything that a sign-in of Alice needs, answered well; the first poll brings the tokens. */
export function signInScript(over: Script = {}): Script {
  return {
    'well-known': json({ 'm.homeserver': { base_url: HOMESERVER } }),
    versions: json({ versions: ['v1.12'] }),
    'auth-metadata': json(metadata),
    registration: json({ client_id: 'client-1' }, 201),
    'device-authorization': aCode,
    token: newTokens(1),
    whoami: itIsAlice,
    profile: json({ displayname: 'Alice' }),
    revocation: raw('', 200),
    ...over,
  };
}

/** The authorization server of {@link metadata}, read. */
export function authServer(): AuthServer {
  const from = { homeserver: HOMESERVER, host: 'matrix.example.org' };
  const read = readServerMetadata(from, metadata, { loopback: false });
  if (!read.ok) throw new Error(`Cannot read the metadata: ${read.failure.code}`);
  return read.value;
}

/** A code as `askForCode` gives it, asked for at 0 on the clock. */
export function askedCode(lifetimeMs = 30 * MINUTE, intervalMs = 5 * SECOND): Code {
  return {
    server: authServer(),
    client: { clientId: 'client-1', metadataHash: 'hash', registeredAt: 1 },
    grant: {
      deviceCode: new Secret('DC-secret'),
      userCode: '7XK0QB',
      verificationUri: new URL(`${ISSUER}link`),
      verificationUriComplete: null,
      intervalMs,
      lifetimeMs,
      deviceId: 'DEVICE0001',
      scope: ['urn:matrix:client:api:*', 'urn:matrix:client:device:DEVICE0001'],
    },
    deadline: lifetimeMs,
  };
}

/** A room in which people sign in. */
export type SignInRoom = Bench &
  Readonly<{
    accounts: Accounts;
    logins: Logins;
    /** The state of the newest login, as the window sees it. */
    state: () => LoginSnapshot['state'];
    /** The steps of all logins, without repetitions. */
    seen: readonly string[];
  }>;

/** Makes a {@link SignInRoom}; every step is answered well unless `over` says otherwise. */
export function signInRoom(over: Script = {}): SignInRoom {
  const room = bench(signInScript(over));
  const seen: string[] = [];
  const { world, clock } = room;
  const snapshots = () => logins.snapshots({ now: clock.now(), elapsed: clock.elapsed() });
  const state = () => {
    const last = snapshots().at(-1);
    if (last === undefined) throw new Error('Nobody signs in');
    return last.state;
  };
  const announce = () => {
    const last = snapshots().at(-1);
    if (last !== undefined && seen.at(-1) !== last.state.step) seen.push(last.state.step);
  };
  const accounts = new Accounts(world, () => undefined);
  const logins: Logins = new Logins(world, accounts, DEFAULT_CLIENT, announce);
  return { ...room, accounts, logins, state, seen };
}

/** Starts a login that must not be refused; returns its id. */
export function startLogin(
  { logins }: SignInRoom,
  server = '@alice:example.org',
  label: string | null = null,
): string {
  const started = logins.start({ server, label, client: null });
  if (!started.ok) throw new Error(`Refused: ${started.failure.code}`);
  return started.value;
}
