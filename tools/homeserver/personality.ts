import type { IncomingHttpHeaders } from 'node:http';

/** Which server family the homeserver plays; `oidc-provider` is somebody else's code behind it. */
export type PersonalityName = 'mas' | 'tuwunel' | 'continuwuity' | 'oidc-provider';

/** A request, read whole. `url` is absolute; a path prefix of the server is already taken off. */
export type HttpRequest = Readonly<{
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
  remoteAddress: string;
}>;

/** An answer, before faults get at it. `content-length` and `date` are added when it is sent. */
export type HttpResponse = Readonly<{
  status: number;
  headers: Readonly<Record<string, string | readonly string[]>>;
  body: string;
}>;

/** What a personality runs with: fixed for its lifetime, the port is already known. */
export type ServerContext = Readonly<{
  /** What URLs in metadata start with; no trailing slash. */
  base: string;
  serverName: string;
  /** Localparts of the people who exist here. */
  users: readonly string[];
  /** Epoch ms by the server's clock, which a test may wind. The only clock to use. */
  now: () => number;
  /** Null in these: what the family does by default. Lifetimes in ms, the interval in seconds. */
  accessTtlMs: number | null;
  codeTtlMs: number | null;
  intervalS: number | null;
  /** Whether `verification_uri_complete` is sent; null: what the family does by default. */
  autoFillUserCode: boolean | null;
  /** False: the server has the device grant switched off. */
  deviceGrant: boolean;
  /** How long the homeserver goes on believing in a revoked access token, in ms. */
  introspectionCacheMs: number;
  /** Appended to every client id that is made, so that a test can have awkward ones. Mostly empty. */
  clientIdSuffix: string;
  /** What a refresh gives: see {@link RefreshTokens}. */
  refreshTokens: RefreshTokens;
}>;

/**
 * What a refresh gives: new tokens as the family does (`rotate`), the same refresh token again, no
 * refresh token at all (the old one stays good), or a new refresh token beside the same access token.
 */
export type RefreshTokens = 'rotate' | 'same' | 'omit' | 'same-access';

/** One session, alive or not. The tokens are the newest ones. */
export type SessionView = Readonly<{
  userId: string;
  deviceId: string;
  clientId: string;
  alive: boolean;
  accessToken: string;
  refreshToken: string;
}>;

/** Whom an access token speaks for, or the answer that the family gives to a token it does not take. */
export type Bearer =
  | Readonly<{ known: true; userId: string; deviceId: string }>
  | Readonly<{ known: false; answer: HttpResponse }>;

/** Paths of the OAuth endpoints, each beginning with a slash; requests are counted by them. */
export type Endpoints = Readonly<{
  registration: string;
  deviceAuthorization: string;
  token: string;
  revocation: string;
}>;

/**
 * A server family: everything in which the families differ. The homeserver around it does the rest:
 * HTTP, `.well-known`, `/versions`, serving the metadata, profiles, faults, counting, `autoApprove`.
 */
export interface Personality {
  readonly name: PersonalityName;
  /** What `/versions` lists. */
  readonly versions: readonly string[];
  readonly endpoints: Endpoints;
  /** The authorization server metadata, as served by `auth_metadata` and the OIDC document. */
  metadata(): Record<string, unknown>;
  /** Answers the OAuth endpoints and the approval pages; null: no such path here. */
  answer(asked: HttpRequest): Promise<HttpResponse | null> | HttpResponse | null;
  /** What whoami and other client-server requests make of an access token. */
  bearer(accessToken: string): Promise<Bearer> | Bearer;
  /** Approves a code as this person. False: no such code is waiting. May finish its work lazily. */
  approve(userCode: string, localpart: string): boolean;
  /** Declines a code. False: no such code is waiting. */
  deny(userCode: string): boolean;
  lockUser(localpart: string, locked: boolean): void;
  /** What an administrator does who ends all sessions of a person. */
  endSessions(localpart: string): void;
  sessions(): readonly SessionView[];
  /** Gives back what it holds open. */
  close(): Promise<void>;
}
