import { MINUTE } from '../../../common/time.ts';
import type { Row } from '../row.ts';
import { saw } from '../row.ts';
import { signInFirst } from '../renewing.ts';
import type { Stage } from '../stage.ts';
import {
  accountsOf,
  resultOf,
  sessionsOf,
  signIn,
  signInAs,
  signedIn,
  upToCode,
} from '../signing-in.ts';

/** Unusable tokens are revoked at once. */
function givenBack(name: string, code: string): Row {
  return {
    name: `token answer ${name}`,
    live: signIn,
    expects: {
      login: `failed ${code}`,
      accounts: [],
      sessions: ['ended'],
      saw: `${upToCode} token×2 revocation`,
    },
  };
}

/** The homeserver doesn't know the session: it is revoked, and the sign-out verified. */
function notOurs(name: string): Row {
  return {
    name: `whoami ${name}`,
    live: signIn,
    expects: {
      login: 'failed whoami-rejected',
      accounts: [],
      sessions: ['ended'],
      saw: `${upToCode} token×2 whoami revocation whoami`,
    },
  };
}

/** A different user signed in than was typed: Keyfob asks, and the user answers. */
function otherUser(keep: boolean): Row['live'] {
  return async (stage) => {
    stage.server.autoApprove('alice');
    const login = await signInAs(stage);
    const asked = resultOf(stage, login);
    await stage.engine.answerLogin(login, keep);
    await stage.wind(() => stage.loginState(login).step !== 'confirming', 'an end');
    return [asked, resultOf(stage, login)];
  };
}

const askedWhether = {
  login: 'confirming',
  accounts: ['alice unverified'],
  sessions: ['alive'],
  saw: `${upToCode} token whoami`,
};

/** Only the server was typed, so only the server can differ. */
const otherDomain: Row['live'] = async (stage) => {
  stage.server.autoApprove('alice');
  return resultOf(stage, await signInAs(stage, stage.server.serverName));
};

/** The server locks the account, reports it in no other way, and goes on issuing new tokens. */
const lockedMeanwhile: Row['live'] = async (stage, turnOdd) => {
  const from = await signedInBefore(stage, turnOdd);
  const checked = await stage.windFor(stage.engine.check('alice'));
  const noted = [saw(stage, from), checked.ok || checked.failure.code, ...accountsOf(stage)];
  const later = stage.server.requests.length;
  await stage.pass(11 * MINUTE);
  const whileLocked = [saw(stage, later), ...accountsOf(stage)];
  stage.server.lockUser('alice', false);
  await stage.pass(11 * MINUTE);
  return { noted, whileLocked, unlocked: [...accountsOf(stage), ...sessionsOf(stage)] };
};

/** A 401 that says nothing about the token: no new one is requested. */
const checking: Row['live'] = async (stage, turnOdd) => {
  const from = await signedInBefore(stage, turnOdd);
  const checked = await stage.windFor(stage.engine.check('alice'));
  return {
    check: checked.ok ? 'ok' : checked.failure.code,
    accounts: accountsOf(stage),
    sessions: sessionsOf(stage),
    saw: saw(stage, from),
  };
};

/** Gives how many requests the server had received before it turned odd. */
async function signedInBefore(stage: Stage, turnOdd: () => void): Promise<number> {
  await signInFirst(stage);
  turnOdd();
  return stage.server.requests.length;
}

function refusesToSay(name: string, code: string): Row {
  const expects = { check: code, accounts: ['alice active'], sessions: ['alive'], saw: 'whoami' };
  return { name: `whoami ${name}`, live: checking, expects };
}

/** Rows 37 to 44. */
export const tokenRows: readonly Row[] = [
  { name: 'token answer with token_type bearer', live: signIn, expects: signedIn() },
  givenBack('with token_type DPoP', 'token-type-unsupported'),
  givenBack('without token_type', 'token-type-unsupported'),
  givenBack('without refresh token', 'refresh-token-missing'),
  givenBack('without the API scope', 'scope-missing'),
  { name: 'token answer with another device', live: signIn, expects: signedIn() },
  givenBack('with a line break in the token', 'malformed-response'),
  givenBack('with a token beyond ASCII', 'malformed-response'),
  {
    name: 'whoami names another user',
    live: otherUser(false),
    expects: [
      askedWhether,
      {
        login: 'failed other-user',
        accounts: [],
        sessions: ['ended'],
        saw: `${upToCode} token whoami revocation whoami`,
      },
    ],
  },
  {
    name: 'whoami names another user',
    live: otherUser(true),
    expects: [
      askedWhether,
      {
        login: 'done other-domain',
        accounts: ['mallory active'],
        sessions: ['alive'],
        saw: `${upToCode} token whoami profile`,
      },
    ],
  },
  {
    name: 'whoami names another domain',
    live: otherDomain,
    expects: {
      login: 'done other-domain',
      accounts: ['alice active'],
      sessions: ['alive'],
      saw: `${upToCode} token whoami profile`,
    },
  },
  notOurs('names no user'),
  notOurs('refuses the new token'),
  {
    name: 'account locked while signed in',
    live: lockedMeanwhile,
    expects: {
      noted: ['whoami refresh whoami', 'account-locked', 'alice locked'],
      whileLocked: ['refresh whoami refresh whoami', 'alice locked'],
      unlocked: ['alice active', 'alive'],
    },
  },
  refusesToSay('answers 401 with a page', 'malformed-response'),
  refusesToSay('misses the token', 'whoami-rejected'),
];
