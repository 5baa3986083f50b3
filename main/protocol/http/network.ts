/** What a request is for. Names the exchange in the inspector and chooses its limits. */
export type Step =
  | 'well-known'
  | 'versions'
  | 'auth-metadata'
  | 'login-flows'
  | 'registration'
  | 'device-authorization'
  | 'token'
  | 'refresh'
  | 'revocation'
  | 'whoami'
  | 'profile';

/**
 * The only way out: one HTTP exchange, within the limits of `http/client.ts`. The answer's body
 * is already read, whole, and at most as long as the step allows.
 *
 * Rejects with a `NetworkError` (expected: see `network-error.ts`) or with the caller's own abort.
 *
 * `leaving` is called by a network that holds requests back, just before it lets this one go.
 */
export type Network = (
  step: Step,
  url: URL,
  init?: RequestInit & Readonly<{ loginId?: string }>,
  leaving?: () => void,
) => Promise<Response>;

/** The same network for one login: the record of each request says that it was made for it. */
export function withLoginId(loginId: string, network: Network): Network {
  return (step, url, init, leaving) => network(step, url, { ...init, loginId }, leaving);
}

/** The port that `Network` is built on: the runtime's own `fetch`, or a test's. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
