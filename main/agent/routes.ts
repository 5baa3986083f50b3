import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import type { Failure } from '../../common/failure.ts';
import { hasEnded } from '../../common/login-steps.ts';
import type { Result } from '../../common/result.ts';
import { ok } from '../../common/result.ts';
import type { AccountSnapshot, LoginSnapshot } from '../../common/snapshots.ts';
import { MINUTE, SECOND } from '../../common/time.ts';
import type { Log } from '../accounts/ports.ts';
import type { EngineApi, JsonValue } from '../engine/engine-api.ts';
import { API_VERSION } from './api-version.ts';
import { readDurationMs } from './duration.ts';
import type { ErrorReply, Refusal } from './errors.ts';
import { errorReply, refuse, refusalReply } from './errors.ts';
import { streamSnapshots } from './event-stream.ts';
import { streamLogin } from './login-stream.ts';
import { checkInput, readBody } from './request-body.ts';
import { toTokenJson } from './token-json.ts';
import type { WireObject } from './wire.ts';
import {
  wireAccount,
  wireCheck,
  wireHandOut,
  wireTime,
  wireNotice,
  wireSignOut,
  wireSnapshot,
} from './wire.ts';

/** What every route may use. */
export type AgentContext = Readonly<{
  engine: EngineApi;
  version: string;
  log: Log;
  /** The wall clock: epoch milliseconds. */
  now: () => number;
  /** Epoch milliseconds. */
  startedAt: number;
  socket: string;
}>;

/** The response to a request. */
export type Reply = Readonly<
  | { kind: 'json'; body: WireObject }
  | { kind: 'text'; text: string }
  | { kind: 'empty' }
  | { kind: 'error'; error: ErrorReply }
  /** Writes to the response until it ends. */
  | { kind: 'stream'; to: (response: ServerResponse) => void }
>;

/** A request as its handler sees it: `name` is the path segment at `*`; `query` and `body` fit the schemas. */
type Call<Q, B> = AgentContext &
  Readonly<{ name: string; query: Q; body: B; request: IncomingMessage }>;

type Schema<T> = v.GenericSchema<unknown, T>;

type Route = Readonly<{
  query: Schema<unknown>;
  /** Reads and checks the body, and handles the request. `query` has passed the schema above. */
  handle: (
    context: AgentContext,
    request: IncomingMessage,
    name: string,
    query: unknown,
  ) => Promise<Reply>;
}>;

/** The minimum validity of a token when the client names none. */
const DEFAULT_MIN_VALID_MS = MINUTE;

const TokenQuery = v.pipe(
  v.object({
    min_valid: v.optional(
      v.pipe(
        v.string(),
        v.check(
          (text) => readDurationMs(text) !== null,
          'expected a duration such as 60, 60s or 5m',
        ),
        v.transform((text) => readDurationMs(text) ?? DEFAULT_MIN_VALID_MS),
      ),
      String(DEFAULT_MIN_VALID_MS / SECOND),
    ),
    for: v.optional(
      v.pipe(
        v.string(),
        v.maxLength(100, 'at most 100 characters'),
        v.check((text) => !/\p{C}/u.test(text), 'no control or invisible characters'),
        v.trim(),
      ),
      '',
    ),
  }),
  v.transform(({ min_valid, for: consumer }) => ({
    minValidMs: min_valid,
    consumer: consumer === '' ? null : consumer,
  })),
);

const SignOutQuery = v.object({
  forget: v.pipe(
    v.optional(v.string(), ''),
    v.transform((text) => text === '1'),
  ),
});

/** Strict, so that a misspelled field is refused instead of ignored. */
const UpdateBody = v.pipe(
  v.strictObject({
    label: v.exactOptional(v.pipe(v.string(), v.maxLength(2_000))),
    policy: v.exactOptional(v.picklist(['keep-fresh', 'on-demand'])),
  }),
  v.check((update) => Object.keys(update).length > 0, 'expected a label or a policy'),
);

/** Any value: the body has been parsed as JSON before. */
const json = v.custom<JsonValue>(() => true);

const LoginBody = v.object({
  server: v.pipe(v.string(), v.maxLength(2_000)),
  label: v.optional(v.nullable(v.string()), null),
  client: v.optional(v.nullable(v.record(v.string(), json)), null),
});

const AnswerBody = v.object({ keep: v.boolean() });

/** Every route by method and path; `*` stands for one percent-encoded segment. */
const ROUTES = {
  'GET /v1/status': route({ handle: async (call) => toJson(await status(call)) }),
  'GET /v1/accounts': route({ handle: async ({ engine }) => toJson(await accounts(engine)) }),
  'PATCH /v1/accounts/*': route({
    body: UpdateBody,
    handle: async (call) =>
      accountReply(call, await call.engine.updateAccount(call.name, call.body)),
  }),
  'DELETE /v1/accounts/*': route({
    query: SignOutQuery,
    handle: async ({ engine, name, query }) =>
      replyTo(await engine.signOut(name, query.forget), (report) => toJson(wireSignOut(report))),
  }),
  'GET /v1/accounts/*/token': route({ query: TokenQuery, handle: token }),
  'POST /v1/accounts/*/refresh': route({
    handle: async (call) => accountReply(call, await call.engine.refresh(call.name)),
  }),
  'POST /v1/accounts/*/check': route({
    handle: async ({ engine, name, now }) =>
      replyTo(await engine.check(name), (report) => toJson(wireCheck(report, now()))),
  }),
  'POST /v1/login': route({
    body: LoginBody,
    handle: async (call) => loginReply(call, await call.engine.startLogin(call.body)),
  }),
  'DELETE /v1/logins/*': route({
    handle: async ({ engine, name }) => replyTo(await engine.cancelLogin(name), toNothing),
  }),
  'POST /v1/logins/*/answer': route({
    body: AnswerBody,
    handle: async ({ engine, name, body }) =>
      replyTo(await engine.answerLogin(name, body.keep), toNothing),
  }),
  'POST /v1/logins/*/retry': route({
    handle: async (call) => loginReply(call, await call.engine.retryLogin(call.name)),
  }),
  'GET /v1/events': route({ handle: ({ engine }) => Promise.resolve(events(engine)) }),
  'GET /v1/log': route({
    handle: async ({ engine }) => toJson({ hand_outs: (await engine.handOuts()).map(wireHandOut) }),
  }),
} as const satisfies Readonly<Record<string, Route>>;

/** The key of a route: method and path. */
export type RouteKey = keyof typeof ROUTES;

/** The route of a request, and what its path and query say. */
export type MatchedRoute = Readonly<{
  route: RouteKey;
  /** The decoded path segment at `*`; empty if the route has none. */
  name: string;
  /** The query, checked and converted by the route's schema. */
  query: unknown;
}>;

const PATTERNS = (Object.keys(ROUTES) as RouteKey[]).map((route) => {
  const [method = '', path = ''] = route.split(' ');
  return { route, method, segments: path.split('/').slice(1) };
});

/**
 * Finds the route for a request line's method and target, and checks the query.
 *
 * The path is split by hand: `URL` would resolve an account named `..` as a step upwards.
 */
export function matchRoute(method: string, target: string): Result<MatchedRoute, Refusal> {
  const [path = '', query = ''] = target.replace(/^http:\/\/[^/]*/i, '').split(/\?(.*)/s);
  const segments = path.split('/').slice(1).map(decoded);
  if (segments.includes(null)) return refuse(400, 'the path is not percent-encoded UTF-8');
  if (segments[0] !== 'v1') return refuse(404, `unknown path ${path}: every path starts with /v1/`);
  const found = PATTERNS.filter((pattern) => nameIn(segments, pattern.segments) !== null);
  if (found.length === 0) return refuse(404, `unknown path ${path}`);
  const pattern = found.find((one) => one.method === method);
  if (pattern === undefined) {
    const allow = found.map((one) => one.method).join(', ');
    return refuse(405, `${path} does not support ${method}; it supports ${allow}`, allow);
  }
  const { route } = pattern;
  const checked = checkInput(ROUTES[route].query, Object.fromEntries(new URLSearchParams(query)));
  if (!checked.ok) return checked;
  const name = nameIn(segments, pattern.segments) ?? '';
  return ok({ route, name, query: checked.value });
}

/** Handles a request. Rejects on a bug, or when the client goes away while it sends its body. */
export function handleRequest(
  { route, name, query }: MatchedRoute,
  context: AgentContext,
  request: IncomingMessage,
): Promise<Reply> {
  return ROUTES[route].handle(context, request, name, query);
}

/** Makes a route; without a schema the query or the body is ignored. */
function route<Q, B>(parts: {
  query?: Schema<Q>;
  body?: Schema<B>;
  handle: (call: Call<Q, B>) => Promise<Reply>;
}): Route {
  return {
    query: parts.query ?? v.unknown(),
    handle: async (context, request, name, query) => {
      const body = parts.body === undefined ? ok(undefined) : await readBody(request, parts.body);
      if (!body.ok) return { kind: 'error', error: refusalReply(body.failure) };
      // Both have passed the schemas; without one, the handler's type is not known to look at them.
      return parts.handle({
        ...context,
        request,
        name,
        query: query as Q,
        body: body.value as B,
      });
    },
  };
}

async function status(context: AgentContext): Promise<WireObject> {
  const { engine, version, startedAt, socket } = context;
  const { vault, accounts, logins } = await engine.snapshot();
  return {
    version,
    api: Number(API_VERSION),
    pid: process.pid,
    started_at: wireTime(startedAt),
    protection: vault.protection,
    warnings: vault.warnings.map(wireNotice),
    accounts: accounts.length,
    logins: logins.filter((login) => !hasEnded(login.state)).length,
    socket,
  };
}

async function accounts(engine: EngineApi): Promise<WireObject> {
  const { accounts, madeAt } = await engine.snapshot();
  return { accounts: accounts.map((account) => wireAccount(account, madeAt)) };
}

async function token(call: Call<v.InferOutput<typeof TokenQuery>, unknown>): Promise<Reply> {
  const { engine, name, query, request } = call;
  const consumer = query.consumer ?? programName(request.headers['user-agent']);
  const handed = await engine.tokenFor(name, { minValidMs: query.minValidMs, consumer });
  return replyTo(handed, (value) => {
    const body = toTokenJson(value);
    return wantsText(request) ? { kind: 'text', text: `${body.access_token}\n` } : toJson(body);
  });
}

function events(engine: EngineApi): Reply {
  return {
    kind: 'stream',
    to: (response) =>
      streamSnapshots(
        response,
        engine,
        (snapshot) => ({ lines: [wireSnapshot(snapshot)], isLast: false }),
        () => undefined,
      ),
  };
}

function loginReply({ engine, log }: AgentContext, started: Result<LoginSnapshot, Failure>): Reply {
  return replyTo(started, (login) => ({
    kind: 'stream',
    to: (response) => streamLogin(response, engine, login, log),
  }));
}

function accountReply({ now }: AgentContext, result: Result<AccountSnapshot, Failure>): Reply {
  return replyTo(result, (account) => toJson({ account: wireAccount(account, now()) }));
}

function replyTo<T>(result: Result<T, Failure>, reply: (value: T) => Reply): Reply {
  return result.ok ? reply(result.value) : { kind: 'error', error: errorReply(result.failure) };
}

function toJson(body: WireObject): Reply {
  return { kind: 'json', body };
}

function toNothing(): Reply {
  return { kind: 'empty' };
}

/** The consumer's name if it gives none: `curl` for `curl/8.5.0`. */
function programName(userAgent: string | undefined): string {
  return /^[\w.-]{1,40}/.exec(userAgent ?? '')?.[0] ?? 'a program';
}

/** Plain text only for a client that accepts text and no JSON. */
function wantsText(request: IncomingMessage): boolean {
  const accept = request.headers.accept ?? '';
  return accept.includes('text/plain') && !accept.includes('json');
}

/** The segment at `*`, or an empty text if the pattern has none; null if the path does not match. */
function nameIn(path: readonly (string | null)[], pattern: readonly string[]): string | null {
  if (pattern.length !== path.length) return null;
  let name = '';
  for (const [index, expected] of pattern.entries()) {
    const found = path[index] ?? '';
    if (expected !== '*' && expected !== found) return null;
    if (expected === '*' && found === '') return null;
    if (expected === '*') name = found;
  }
  return name;
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null; // URIError: `%` without two hexadecimal digits, or not UTF-8
  }
}
