import type { HttpRequest } from '../../../tools/homeserver/personality.ts';
import type { Row } from '../row.ts';
import { saw } from '../row.ts';
import type { RenewResult } from '../renewing.ts';
import { renew, signInFirst } from '../renewing.ts';
import {
  accountsOf,
  refused,
  signIn,
  signInAndHear,
  signedIn,
  upToCode,
  waiting,
} from '../signing-in.ts';
import type { WaitResult } from '../signing-in.ts';

const aMinute = { homeserver: { codeTtlMs: 60_000 } };

/** Polled less and less often, as without a network, until the code expires. */
function noAnswer(name: string, { lost } = { lost: false }): Row {
  const expects: WaitResult = {
    login: 'failed login-expired',
    waits: ['waiting', 'unreachable'],
    askedAtS: [5, 15, 35, 59],
    sessions: [],
    lost,
  };
  return { name, stage: aMinute, live: waiting(0), expects };
}

/** Nothing is sent to the redirect's target. */
const notFollowed: Row['live'] = async (stage) => {
  await signIn(stage, () => undefined);
  return stage.server.requests.filter(({ path }) => path.includes('elsewhere')).length;
};

/** A whole session, after which the server checks for its cookies. */
const cookiesSent: Row['live'] = async (stage) => {
  await signInFirst(stage);
  await stage.windFor(stage.engine.refresh('alice'));
  await stage.windFor(stage.engine.check('alice'));
  await stage.windFor(stage.engine.signOut('alice'));
  const { requests } = stage.server;
  const withCookie = requests.filter(({ headers }) => headers.cookie !== undefined).length;
  return { accounts: accountsOf(stage), withCookie, saw: saw(stage) };
};

function unreadable(name: string): Row {
  const says =
    "HOST sent sign-in server metadata that Keyfob can't use: it is not in the expected format.";
  const asked = 'well-known versions auth-metadata×4';
  return {
    name: `metadata ${name}`,
    live: signInAndHear,
    expects: refused('metadata-invalid', asked, says),
  };
}

function fine(name: string): Row {
  return { name, live: signIn, expects: signedIn() };
}

/** Keyfob relies on durations only; a wrong clock is just reported. */
const withWrongClock: Row['live'] = async (stage) => {
  await signInFirst(stage);
  const state = stage.snapshot.accounts[0]?.state;
  const leftMs = state?.kind === 'active' ? (state.expiresAt ?? 0) - stage.clock.now() : null;
  const checked = await stage.windFor(stage.engine.check('alice'));
  const skewDays = checked.ok ? Math.round((checked.value.clockSkewMs ?? 0) / 86_400_000) : null;
  const from = stage.server.requests.length;
  await stage.pass(300_000);
  return { leftMs, skewDays, fiveMinutesLater: [saw(stage, from), ...accountsOf(stage)] };
};

/** The token endpoint has moved, and the metadata fetched again names the new one. */
const moved: Row['live'] = async (stage, turnOdd) => {
  const gone = { respond: { status: 404, body: '' } };
  const isOld = ({ headers }: HttpRequest) => headers.host?.startsWith('127.0.0.1') === true;
  stage.server.faults.always('refresh', gone, isOld);
  const renewed = await renew(stage, turnOdd);
  const from = stage.server.requests.length;
  const again = await stage.windFor(stage.engine.refresh('alice'));
  return { renewed, again: [again.ok || again.failure.code, saw(stage, from)] };
};

/** The account page that the user is sent to. */
const page: Row['live'] = async (stage) => {
  await signInFirst(stage);
  const { baseUrl } = stage.server;
  const { accounts } = stage.snapshot;
  return accounts.map(({ accountPage }) => accountPage?.replace(baseUrl, '') ?? null);
};

/** The session and its token are kept, and the refresh is retried. */
function notRenewed(refresh: string, saw: string): RenewResult {
  return {
    refresh,
    accounts: ['alice retrying'],
    saw,
    lifetimeS: 300,
    aMinuteLater: ['alice retrying'],
    token: 'accepted',
    sessions: ['alive'],
  };
}

/** Row 6 again, and rows 52 to 58. */
export const transportRows: readonly Row[] = [
  noAnswer('token answer without end', { lost: true }),
  { name: 'token redirected by 307', stage: aMinute, live: notFollowed, expects: 0 },
  noAnswer('token redirected by 307'),
  {
    name: 'refresh redirected by 308',
    live: renew,
    expects: notRenewed('redirect-refused', 'refresh'),
  },
  {
    name: 'cookies everywhere',
    live: cookiesSent,
    expects: {
      accounts: [],
      withCookie: 0,
      saw: `${upToCode} token whoami profile refresh whoami versions auth-metadata revocation whoami`,
    },
  },
  fine('metadata with duplicate keys'),
  fine('metadata with __proto__'),
  unreadable('nested too deep'),
  fine('metadata with a BOM'),
  unreadable('in UTF-16'),
  noAnswer('poll error that is an object'),
  noAnswer('poll error that is a number'),
  noAnswer('poll error in Matrix format'),
  noAnswer('poll error with errcode alone'),
  {
    name: 'clock wrong by decades',
    live: withWrongClock,
    expects: { leftMs: 300_000, skewDays: -20_454, fiveMinutesLater: ['refresh', 'alice active'] },
  },
  {
    name: 'registration issued in the future',
    live: withWrongClock,
    expects: { leftMs: 300_000, skewDays: 0, fiveMinutesLater: ['refresh', 'alice active'] },
  },
  {
    name: 'metadata names another issuer later',
    live: moved,
    expects: {
      renewed: notRenewed('issuer-changed', 'refresh auth-metadata'),
      again: ['issuer-changed', 'refresh auth-metadata'],
    },
  },
  {
    name: 'metadata names other endpoints later',
    live: moved,
    expects: {
      renewed: {
        ...notRenewed('ok', 'refresh auth-metadata refresh'),
        accounts: ['alice active'],
        aMinuteLater: ['alice active'],
      },
      again: [true, 'refresh'],
    },
  },
  {
    name: 'metadata with a query in the account page',
    live: page,
    expects: ['/account/?theme=dark&action=org.matrix.devices_list'],
  },
  { name: 'metadata with an http account page', live: page, expects: [null] },
];
