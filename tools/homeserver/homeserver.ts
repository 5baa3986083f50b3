import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Step } from '../../main/protocol/http/network.ts';
import { createContinuwuity } from './continuwuity/continuwuity.ts';
import { answerControl } from './control.ts';
import type { Faults } from './odd/faults.ts';
import { Dispatcher } from './auth/dispatcher.ts';
import type { SeenRequest } from './auth/dispatcher.ts';
import { createMas } from './mas/mas.ts';
import type { Discovery } from './matrix-side.ts';
import type {
  ServerContext,
  Personality,
  PersonalityName,
  RefreshTokens,
  SessionView,
} from './personality.ts';
import { createTuwunel } from './tuwunel/tuwunel.ts';

/** The options of a homeserver. The defaults are the family's. */
export type HomeserverOptions = Readonly<{
  /** Default: `mas`. */
  personality?: PersonalityName;
  /** Default: any free port. */
  port?: number;
  accessTtlMs?: number;
  codeTtlMs?: number;
  /** Seconds between polls. */
  intervalS?: number;
  /** Default: `example.org`. */
  serverName?: string;
  /** Localparts; default: alice and bob. */
  users?: readonly string[];
  /** The server's clock, in epoch ms; a test can advance it. */
  now?: () => number;
  /** What URLs in metadata start with; default: where the server listens. */
  publicBase?: string;
  /** A path prefix, such as `/matrix`; default: none. */
  pathPrefix?: string;
  /** Whether `verification_uri_complete` is sent. */
  autoFillUserCode?: boolean;
  /** False: the device grant is disabled. */
  deviceGrant?: boolean;
  /** How long Synapse accepts a revoked access token, in ms; default: not at all. */
  introspectionCacheMs?: number;
  /** How the authorization server is announced; default: `stable`. */
  discovery?: Discovery;
  /** Appended to every client id; default: nothing. */
  clientIdSuffix?: string;
  /** What a refresh gives at `mas`; default: `rotate`. */
  refreshTokens?: RefreshTokens;
}>;

/** A homeserver and authorization server on loopback, for tests, the demo and the preview. */
export interface TestHomeserver {
  /** Its base URL; no trailing slash. */
  readonly baseUrl: string;
  readonly serverName: string;
  readonly personality: PersonalityName;
  /** Full user IDs. */
  readonly users: readonly string[];
  /**
   * Approves a code, as the first user if none is given. False: unknown code, or forbidden by
   * policy.
   */
  approve(userCode: string, localpart?: string): boolean;
  /** Declines a code. False: unknown code. */
  deny(userCode: string): boolean;
  /**
   * Decides on every code automatically, after this many polls (default 0); null: stops doing so.
   */
  autoApprove(localpart: string | null, options?: { deny?: boolean; afterPolls?: number }): void;
  lockUser(localpart: string, locked: boolean): void;
  /** Ends all sessions of a user, as an administrator would. */
  endSessions(localpart: string): void;
  sessions(): readonly SessionView[];
  readonly faults: Faults;
  /** How many requests of a step arrived. */
  count(step: Step): number;
  readonly requests: readonly SeenRequest[];
  /** Every access token, refresh token and device code ever issued. */
  issuedSecrets(): readonly string[];
  close(): Promise<void>;
}

/**
 * Starts a homeserver on loopback. Rejects with the system's error if the port is not available.
 */
export async function startHomeserver(options: HomeserverOptions = {}): Promise<TestHomeserver> {
  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  const prefix = options.pathPrefix ?? '';
  const baseUrl = `http://127.0.0.1:${port}${prefix}`;
  const context = groundOf(options, baseUrl);
  const personality = await createPersonality(options.personality ?? 'mas', context);
  const { base, serverName, users } = context;
  const discovery = options.discovery ?? 'stable';
  const desk = new Dispatcher(
    { personality, base, serverName, users, discovery },
    context.now,
    prefix,
  );
  const handle = createHandle(desk, context, baseUrl, async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    await personality.close();
  });
  desk.control = (asked) => answerControl(handle, asked);
  server.on('request', (request, response) => {
    desk.serve(request, response).catch((error: unknown) => {
      // A bug in here must not look like a response of a real server.
      response.socket?.destroy();
      process.emitWarning(error instanceof Error ? error : String(error));
    });
  });
  return handle;
}

function createHandle(
  desk: Dispatcher,
  context: ServerContext,
  baseUrl: string,
  close: () => Promise<void>,
): TestHomeserver {
  const { personality } = desk.side;
  const firstUser = context.users[0] ?? '';
  return {
    baseUrl,
    serverName: context.serverName,
    personality: personality.name,
    users: context.users.map((localpart) => `@${localpart}:${context.serverName}`),
    approve: (userCode, localpart = firstUser) => personality.approve(userCode, localpart),
    deny: (userCode) => personality.deny(userCode),
    autoApprove: (localpart, { deny = false, afterPolls = 0 } = {}) => {
      desk.approver.rule = localpart === null ? null : { localpart, deny, afterPolls };
    },
    lockUser: (localpart, locked) => personality.lockUser(localpart, locked),
    endSessions: (localpart) => personality.endSessions(localpart),
    sessions: () => personality.sessions(),
    faults: desk.faults,
    count: (step) => desk.requests.filter((seen) => seen.step === step).length,
    requests: desk.requests,
    issuedSecrets: () => desk.secrets.all(),
    close,
  };
}

function groundOf(options: HomeserverOptions, baseUrl: string): ServerContext {
  return {
    base: (options.publicBase ?? baseUrl).replace(/\/+$/, ''),
    serverName: options.serverName ?? 'example.org',
    users: options.users ?? ['alice', 'bob'],
    now: options.now ?? (() => Date.now()),
    accessTtlMs: options.accessTtlMs ?? null,
    codeTtlMs: options.codeTtlMs ?? null,
    intervalS: options.intervalS ?? null,
    autoFillUserCode: options.autoFillUserCode ?? null,
    deviceGrant: options.deviceGrant ?? true,
    introspectionCacheMs: options.introspectionCacheMs ?? 0,
    clientIdSuffix: options.clientIdSuffix ?? '',
    refreshTokens: options.refreshTokens ?? 'rotate',
  };
}

async function createPersonality(
  name: PersonalityName,
  context: ServerContext,
): Promise<Personality> {
  switch (name) {
    case 'mas':
      return createMas(context);
    case 'tuwunel':
      return createTuwunel(context);
    case 'continuwuity':
      return createContinuwuity(context);
    case 'oidc-provider': {
      // Loaded only here, since the package behind it is large.
      const { createOidcProvider } = await import('./oidc-provider/oidc-provider.ts');
      return createOidcProvider(context);
    }
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      // A listening TCP server has an address of this type.
      resolve((server.address() as AddressInfo).port);
    });
  });
}
