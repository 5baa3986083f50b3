/** What a request is for. Names it in the inspector and selects its limits. */
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
 * Port to the network: sends one HTTP request within the limits of `http/client.ts`. The response's body
 * has been read completely, and is no larger than the step allows.
 *
 * Rejects with a `NetworkError` (expected: see `network-error.ts`) or with the caller's own abort.
 *
 * `leaving` is called just before the request is sent, by an implementation that delays requests.
 */
export type Network = (
  step: Step,
  url: URL,
  init?: RequestInit & Readonly<{ loginId?: string }>,
  leaving?: () => void,
) => Promise<Response>;

/** The same network for one login: its requests are recorded with the login's id. */
export function withLoginId(loginId: string, network: Network): Network {
  return (step, url, init, leaving) => network(step, url, { ...init, loginId }, leaving);
}

/** The port that `Network` is built on: the runtime's own `fetch`, or a test's. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
