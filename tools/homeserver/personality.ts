import type { IncomingHttpHeaders } from 'node:http';

/** The server family to imitate; `oidc-provider` is third-party code. */
export type PersonalityName = 'mas' | 'tuwunel' | 'continuwuity' | 'oidc-provider';

/** A complete request. `url` is absolute; a path prefix of the server is already removed. */
export type HttpRequest = Readonly<{
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
  remoteAddress: string;
}>;

/** A response before faults are applied. `content-length` and `date` are added when it is sent. */
export type HttpResponse = Readonly<{
  status: number;
  headers: Readonly<Record<string, string | readonly string[]>>;
  body: string;
}>;

/** The settings of a personality: fixed for its lifetime, with the port already known. */
export type ServerContext = Readonly<{
  /** What URLs in metadata start with; no trailing slash. */
  base: string;
  serverName: string;
  /** Localparts of the existing users. */
  users: readonly string[];
  /** Epoch ms by the server's clock, which a test may advance. The only clock to use. */
  now: () => number;
  /** Null: the family's default. Lifetimes in ms, the interval in seconds. */
  accessTtlMs: number | null;
  codeTtlMs: number | null;
  intervalS: number | null;
  /** Whether `verification_uri_complete` is sent; null: the family's default. */
  autoFillUserCode: boolean | null;
  /** False: the device grant is disabled. */
  deviceGrant: boolean;
  /** How long the homeserver accepts a revoked access token, in ms. */
  introspectionCacheMs: number;
  /** Appended to every new client ID, so that a test can have awkward ones. Usually empty. */
  clientIdSuffix: string;
  /** What a refresh gives: see {@link RefreshTokens}. */
  refreshTokens: RefreshTokens;
}>;

/**
 * What a refresh gives: new tokens as the family does (`rotate`), the same refresh token again, no
 * refresh token at all (the old one stays good), or a new refresh token beside the same access token.
 */
export type RefreshTokens = 'rotate' | 'same' | 'omit' | 'same-access';

/** One session, alive or not, with its newest tokens. */
export type SessionView = Readonly<{
  userId: string;
  deviceId: string;
  clientId: string;
  alive: boolean;
  accessToken: string;
  refreshToken: string;
}>;

/** The user of an access token, or the family's response to an invalid one. */
export type Bearer =
  | Readonly<{ known: true; userId: string; deviceId: string }>
  | Readonly<{ known: false; answer: HttpResponse }>;

/** Paths of the OAuth endpoints, each beginning with a slash; used to count requests. */
export type Endpoints = Readonly<{
  registration: string;
  deviceAuthorization: string;
  token: string;
  revocation: string;
}>;

/**
 * A server family: everything in which the families differ. The homeserver does the rest: HTTP,
 * `.well-known`, `/versions`, serving the metadata, profiles, faults, counting, `autoApprove`.
 */
export interface Personality {
  readonly name: PersonalityName;
  /** What `/versions` lists. */
  readonly versions: readonly string[];
  readonly endpoints: Endpoints;
  /** The authorization server metadata, as served by `auth_metadata` and the OIDC document. */
  metadata(): Record<string, unknown>;
  /** Answers the OAuth endpoints and the approval pages; null: another path. */
  answer(asked: HttpRequest): Promise<HttpResponse | null> | HttpResponse | null;
  /** Resolves an access token for whoami and other client-server requests. */
  bearer(accessToken: string): Promise<Bearer> | Bearer;
  /** Approves a code as this user. False: no such code is pending. May finish its work later. */
  approve(userCode: string, localpart: string): boolean;
  /** Declines a code. False: no such code is pending. */
  deny(userCode: string): boolean;
  lockUser(localpart: string, locked: boolean): void;
  /** Ends all sessions of a user, as an administrator would. */
  endSessions(localpart: string): void;
  sessions(): readonly SessionView[];
  /** Releases its resources. */
  close(): Promise<void>;
}
