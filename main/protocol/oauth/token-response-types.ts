import type { Secret } from '../secret.ts';

/**
 * What the token endpoint gave.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 RFC 6749 §5.1}
 */
export type TokenResponse = Readonly<{
  accessToken: Secret;
  /** null: none was sent. After a refresh that means: keep the old one. */
  refreshToken: Secret | null;
  /** How long the access token lives, reckoned from when the request was sent; null: not said. */
  lifetimeMs: number | null;
  /** The scope tokens granted; null: as requested. */
  scope: readonly string[] | null;
}>;

/** A {@link TokenResponse} as it came, before anyone has said that it can be used: see `validateTokenResponse`. */
export type RawTokenResponse = TokenResponse &
  Readonly<{
    /** Lower case; null: none was sent. */
    tokenType: string | null;
    /** The token endpoint's host, for the words of a failure. */
    host: string;
  }>;

/** A {@link TokenResponse} that a session can live on. */
export type ValidTokenResponse = TokenResponse &
  Readonly<{ refreshToken: Secret; scope: readonly string[] }>;
