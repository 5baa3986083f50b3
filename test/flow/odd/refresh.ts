import type { Row } from '../row.ts';
import { saw } from '../row.ts';
import type { RenewResult } from '../renewing.ts';
import { renew } from '../renewing.ts';

/** The refresh gives new tokens, possibly after a retry. */
function renewed(name: string, asked = 'refresh', difference: Partial<RenewResult> = {}): Row {
  const expects: RenewResult = {
    refresh: 'ok',
    accounts: ['alice active'],
    saw: asked,
    aMinuteLater: ['alice active'],
    token: 'accepted',
    lifetimeS: 300,
    sessions: ['alive'],
  };
  return { name: `refresh ${name}`, live: renew, expects: { ...expects, ...difference } };
}

/** No new tokens for now; the session is kept and the refresh retried until it succeeds. */
function later(name: string, refresh: string, asked = 'refresh'): Row {
  return renewed(name, asked, { refresh, accounts: ['alice retrying'] });
}

/** A refresh token that the server left out or repeated is valid for the next refresh as well. */
const renewTwice: Row['live'] = async (stage, turnOdd) => {
  const first = await renew(stage, turnOdd);
  const from = stage.server.requests.length;
  const second = await stage.windFor(stage.engine.refresh('alice'));
  return { first, second: [second.ok, saw(stage, from)] };
};

function keepsWorking(name: string): Row {
  const { expects } = renewed(name);
  const second = [true, 'refresh'];
  return { name: `refresh ${name}`, live: renewTwice, expects: { first: expects, second } };
}

/** Rows 45 to 49. */
export const refreshRows: readonly Row[] = [
  keepsWorking('without refresh token'),
  keepsWorking('with the same refresh token'),
  renewed('with an empty access token', 'refresh×2'),
  renewed('with the same access token'),
  renewed('with expires_in 0', 'refresh', { lifetimeS: null }),
  renewed('with expires_in -1', 'refresh', { lifetimeS: null }),
  later('answers 429', 'rate-limited'),
  later('answers 408', 'rate-limited'),
  renewed('answers 404', 'refresh auth-metadata refresh'),
  // A proxy's page may hide a lost response, so the request is repeated at once.
  renewed('answers 403 with a page', 'refresh×2'),
  renewed('lost before it arrived', 'refresh×2'),
  renewed('done and the answer lost', 'refresh×2'),
  renewed('done and the answer cut', 'refresh×2'),
];
