import { MINUTE } from '../../common/time.ts';
import type { TestHomeserver } from '../../tools/homeserver/homeserver.ts';
import type { Row } from './row.ts';
import { saw } from './row.ts';
import { accountsOf, sessionsOf, signInAs } from './signing-in.ts';
import type { Stage } from './stage.ts';

/** What became of a refresh that somebody asked for. */
export type RenewResult = Readonly<{
  /** `ok`, or the code of the failure. */
  refresh: string;
  accounts: readonly string[];
  /** What the server was asked for it. */
  saw: string;
  aMinuteLater: readonly string[];
  /** What the homeserver says to the token that is handed out then; or why none is. */
  token: string;
  /** How long the token lives that came first; null: nobody knows. */
  lifetimeS: number | null;
  sessions: readonly string[];
}>;

/** Alice is signed in and wants a new token; a minute later some tool takes one. */
export const renew: Row['live'] = async (stage, turnOdd) => {
  await signInFirst(stage);
  turnOdd();
  const from = stage.server.requests.length;
  const renewed = await stage.windFor(stage.engine.refresh('alice'));
  const first = {
    refresh: renewed.ok ? 'ok' : renewed.failure.code,
    accounts: accountsOf(stage),
    saw: saw(stage, from),
  };
  const lifetimeS = await lifetimeOf(stage);
  await stage.pass(MINUTE);
  const aMinuteLater = accountsOf(stage);
  const token = await takeAndUse(stage);
  const result: RenewResult = {
    ...first,
    lifetimeS,
    aMinuteLater,
    token,
    sessions: sessionsOf(stage),
  };
  return result;
};

/** Alice signs in, without anything to look at. */
export async function signInFirst(stage: Stage): Promise<void> {
  stage.server.autoApprove('alice');
  const login = await signInAs(stage);
  const { step } = stage.loginState(login);
  if (step !== 'done') throw new Error(`The sign-in ended as ${step}`);
}

/** Hands a token to some tool, which uses it: what the homeserver says, or why there is none. */
export async function takeAndUse(stage: Stage, account = 'alice'): Promise<string> {
  const request = { minValidMs: MINUTE, consumer: 'some tool' };
  const handed = await stage.windFor(stage.engine.tokenFor(account, request));
  if (!handed.ok) return handed.failure.code;
  return isAccepted(stage.server, handed.value.accessToken);
}

/** What the homeserver says to a token, asked past Keyfob. */
export async function isAccepted(
  { baseUrl }: TestHomeserver,
  token: string,
): Promise<'accepted' | 'refused'> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${baseUrl}/_matrix/client/v3/account/whoami`, { headers });
  await answer.arrayBuffer();
  return answer.ok ? 'accepted' : 'refused';
}

async function lifetimeOf(stage: Stage): Promise<number | null> {
  const found = await stage.engine.find('alice');
  if (!found.ok || !('expiresAt' in found.value.state)) return null;
  const { expiresAt } = found.value.state;
  return expiresAt === null ? null : (expiresAt - stage.clock.now()) / 1_000;
}
