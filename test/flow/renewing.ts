import { MINUTE } from '../../common/time.ts';
import type { TestHomeserver } from '../../tools/homeserver/homeserver.ts';
import type { Row } from './row.ts';
import { saw } from './row.ts';
import { accountsOf, sessionsOf, signInAs } from './signing-in.ts';
import type { Stage } from './stage.ts';

/** The result of a requested refresh. */
export type RenewResult = Readonly<{
  /** `ok`, or the code of the failure. */
  refresh: string;
  accounts: readonly string[];
  /** The requests that the server received for it. */
  saw: string;
  aMinuteLater: readonly string[];
  /** The homeserver's response to the token handed out afterwards, or why there is none. */
  token: string;
  /** The lifetime of the first token; null: unknown. */
  lifetimeS: number | null;
  sessions: readonly string[];
}>;

/** Alice is signed in and requests a new token; a minute later a tool takes one. */
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

/** Signs alice in. */
export async function signInFirst(stage: Stage): Promise<void> {
  stage.server.autoApprove('alice');
  const login = await signInAs(stage);
  const { step } = stage.loginState(login);
  if (step !== 'done') throw new Error(`The sign-in ended as ${step}`);
}

/** Hands a token to a tool, which uses it: the homeserver's response, or why there is none. */
export async function takeAndUse(stage: Stage, account = 'alice'): Promise<string> {
  const request = { minValidMs: MINUTE, consumer: 'some tool' };
  const handed = await stage.windFor(stage.engine.tokenFor(account, request));
  if (!handed.ok) return handed.failure.code;
  return isAccepted(stage.server, handed.value.accessToken);
}

/** The homeserver's response to a token, requested without Keyfob. */
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
