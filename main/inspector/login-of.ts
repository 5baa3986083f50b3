import type { LoginSnapshot, LoginStateSnapshot } from '../../preload/contract.ts';
import type { Exchange } from '../protocol/exchange.ts';
import type { Step } from '../protocol/network.ts';

/** At which step of a login a request can belong to it; a refresh and a revocation never do. */
const STEPS: Readonly<Record<Step, readonly LoginStateSnapshot['step'][]>> = {
  'well-known': ['discovering'],
  versions: ['discovering'],
  'auth-metadata': ['discovering'],
  'login-flows': ['discovering'],
  registration: ['registering'],
  'device-authorization': ['requesting-code'],
  token: ['waiting'],
  whoami: ['verifying'],
  profile: ['verifying', 'confirming'],
  refresh: [],
  revocation: [],
};

/**
 * The login that a request was made for, as far as it can be known from outside; null: none, or it
 * cannot be told which. Of several that are at the same step, the one that names the host that was
 * asked, or the client that asked.
 */
export function loginOf(exchange: Exchange, logins: readonly LoginSnapshot[]): string | null {
  const possible = logins.filter(({ state }) => STEPS[exchange.step].includes(state.step));
  const [only, ...others] = possible;
  if (only === undefined || others.length === 0) return only?.id ?? null;
  const named = possible.filter((login) => isNamed(exchange, login));
  const [sure, ...unsure] = named;
  return sure !== undefined && unsure.length === 0 ? sure.id : null;
}

function isNamed({ url, requestBody }: Exchange, { typed, state }: LoginSnapshot): boolean {
  const { host } = new URL(url);
  if (state.step === 'discovering') return typed.toLowerCase().includes(host);
  if ('clientId' in state) {
    return new URLSearchParams(requestBody ?? '').get('client_id') === state.clientId;
  }
  const bases = [
    'issuer' in state ? state.issuer : null,
    'homeserver' in state ? state.homeserver : null,
  ];
  return bases.some((base) => base !== null && URL.canParse(base) && new URL(base).host === host);
}
