import type { AuthorizationServer } from 'oauth4webapi';

/**
 * The OAuth authorization server of a homeserver, as its metadata said.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#server-metadata-discovery Matrix 1.18, server metadata discovery}
 */
export type AuthServer = Readonly<{
  /** Base URL of the client-server API; no trailing slash. */
  homeserver: string;
  /** Byte for byte as announced: MAS ends it with a slash. */
  issuer: string;
  registrationEndpoint: URL;
  deviceAuthorizationEndpoint: URL;
  tokenEndpoint: URL;
  /** Absent on some servers: sign-out then is a link to the account page. */
  revocationEndpoint: URL | null;
  accountManagementUri: URL | null;
  accountManagementActions: readonly string[];
  /** The document itself, for the OAuth library. */
  metadata: AuthorizationServer;
}>;

/** The part of an {@link AuthServer} that a session needs for the rest of its life, as it is stored. */
export type SessionServer = Readonly<{
  homeserver: string;
  issuer: string;
  tokenEndpoint: string;
  revocationEndpoint: string | null;
  accountManagementUri: string | null;
  accountManagementActions: readonly string[];
}>;

/** What of an auth server a session keeps. */
export function toSessionServer(server: AuthServer): SessionServer {
  const { homeserver, issuer, accountManagementActions } = server;
  return {
    homeserver,
    issuer,
    accountManagementActions,
    tokenEndpoint: server.tokenEndpoint.href,
    revocationEndpoint: server.revocationEndpoint?.href ?? null,
    accountManagementUri: server.accountManagementUri?.href ?? null,
  };
}
