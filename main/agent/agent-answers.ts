import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import type { AccountSnapshot, LoginSnapshot } from '../../common/snapshots.ts';
import type { Log } from '../accounts/ports.ts';
import type { Failure } from '../../common/failure.ts';
import type { Result } from '../../common/result.ts';
import { unexpected } from '../../common/result.ts';
import type { ErrorAnswer } from './errors.ts';
import { errorAnswer } from './errors.ts';
import { streamLogin } from './login-stream.ts';
import type { Route } from './routes.ts';
import type { WireObject } from './wire.ts';
import {
  isOver,
  wireAccount,
  wireCheck,
  wireHandOut,
  wireMoment,
  wireNotice,
  wireSignOut,
  wireSnapshot,
} from './wire.ts';
import { API_VERSION } from './api-version.ts';
import type { EngineApi, JsonValue } from '../engine/engine-api.ts';
import { readBody } from './request-body.ts';
import { streamSnapshots } from './event-stream.ts';
import { toTokenJson } from './token-json.ts';

/** What an answer is made from. */
export type AnswerContext = Readonly<{
  engine: EngineApi;
  version: string;
  log: Log;
  /** The wall clock: epoch milliseconds. */
  now: () => number;
  /** Epoch milliseconds. */
  startedAt: number;
  socket: string;
  request: IncomingMessage;
  response: ServerResponse;
}>;

/** Any value: the body was parsed as JSON before. */
const json = v.custom<JsonValue>(() => true);

const LoginBody = v.object({
  server: v.pipe(v.string(), v.maxLength(2_000)),
  label: v.optional(v.nullable(v.string()), null),
  client: v.optional(v.nullable(v.record(v.string(), json)), null),
});

/** Strict: a misspelt wish must not pass for one that was granted. */
const ArrangeBody = v.pipe(
  v.strictObject({
    label: v.exactOptional(v.pipe(v.string(), v.maxLength(2_000))),
    policy: v.exactOptional(v.picklist(['keep-fresh', 'on-demand'])),
  }),
  v.check((wish) => Object.keys(wish).length > 0, 'a label or a policy is needed'),
);

const AnswerBody = v.object({ keep: v.boolean() });

/** Answers a request; hands back what could not be answered, for the caller to say so. */
export async function answerRoute(
  route: Route,
  context: AnswerContext,
): Promise<ErrorAnswer | null> {
  const { engine, response } = context;
  switch (route.name) {
    case 'status':
      return sendJson(response, await status(context));
    case 'accounts':
      return sendJson(response, await accounts(engine));
    case 'token':
      return token(route, context);
    case 'refresh':
      return sendAccount(context, await engine.refresh(route.account));
    case 'check':
      return send(response, await engine.check(route.account), (report) =>
        wireCheck(report, context.now()),
      );
    case 'arrange':
      return arrange(route.account, context);
    case 'sign-out':
      return send(response, await engine.signOut(route.account, route.forget), wireSignOut);
    case 'login':
      return login(context);
    case 'login-retry':
      return follow(context, await engine.retryLogin(route.login));
    case 'login-answer':
      return loginAnswer(route.login, context);
    case 'login-cancel':
      return sendNothing(response, await engine.cancelLogin(route.login));
    case 'events':
      streamSnapshots(
        response,
        engine,
        (snapshot) => ({ lines: [wireSnapshot(snapshot)], last: false }),
        () => undefined,
      );
      return null;
    case 'log':
      return sendJson(response, { hand_outs: (await engine.handOuts()).map(wireHandOut) });
    default:
      return unexpected(route);
  }
}

async function status(context: AnswerContext): Promise<WireObject> {
  const { engine, version, startedAt, socket } = context;
  const { vault, accounts, logins } = await engine.snapshot();
  return {
    version,
    api: Number(API_VERSION),
    pid: process.pid,
    started_at: wireMoment(startedAt),
    protection: vault.protection,
    warnings: vault.warnings.map(wireNotice),
    accounts: accounts.length,
    logins: logins.filter((login) => !isOver(login)).length,
    socket,
  };
}

async function accounts(engine: EngineApi): Promise<WireObject> {
  const { accounts, madeAt } = await engine.snapshot();
  return { accounts: accounts.map((account) => wireAccount(account, madeAt)) };
}

async function token(
  route: Extract<Route, { name: 'token' }>,
  { engine, request, response }: AnswerContext,
): Promise<ErrorAnswer | null> {
  const consumer = route.consumer ?? programName(request.headers['user-agent']);
  const handed = await engine.tokenFor(route.account, { minValidMs: route.minValidMs, consumer });
  if (!handed.ok) return errorAnswer(handed.failure);
  const answer = toTokenJson(handed.value);
  if (!wantsText(request)) return sendJson(response, answer);
  return sendBytes(response, 'text/plain; charset=utf-8', `${answer.access_token}\n`);
}

async function arrange(account: string, context: AnswerContext): Promise<ErrorAnswer | null> {
  const body = await readBody(context.request, ArrangeBody);
  if (!body.ok) return invalid(body.failure);
  return sendAccount(context, await context.engine.updateAccount(account, body.value));
}

async function login(context: AnswerContext): Promise<ErrorAnswer | null> {
  const body = await readBody(context.request, LoginBody);
  if (!body.ok) return invalid(body.failure);
  return follow(context, await context.engine.startLogin(body.value));
}

async function loginAnswer(id: string, context: AnswerContext): Promise<ErrorAnswer | null> {
  const body = await readBody(context.request, AnswerBody);
  if (!body.ok) return invalid(body.failure);
  return sendNothing(context.response, await context.engine.answerLogin(id, body.value.keep));
}

function follow(
  { engine, response, log }: AnswerContext,
  started: Result<LoginSnapshot, Failure>,
): ErrorAnswer | null {
  if (!started.ok) return errorAnswer(started.failure);
  streamLogin(response, engine, started.value, log);
  return null;
}

/** `curl/8.5.0` is `curl`: better than nothing in the list of who holds a token. */
function programName(userAgent: string | undefined): string {
  return /^[\w.-]{1,40}/.exec(userAgent ?? '')?.[0] ?? 'a program';
}

/** Text only for those who ask for text and nothing else; JSON is what everyone else means. */
function wantsText(request: IncomingMessage): boolean {
  const accept = request.headers.accept ?? '';
  return accept.includes('text/plain') && !accept.includes('json');
}

function invalid({ status, why }: Readonly<{ status: number; why: string }>): ErrorAnswer {
  return errorAnswer({ code: 'request-invalid', why }, status);
}

function sendAccount(
  { response, now }: AnswerContext,
  outcome: Result<AccountSnapshot, Failure>,
): ErrorAnswer | null {
  return send(response, outcome, (account) => ({ account: wireAccount(account, now()) }));
}

function send<T>(
  response: ServerResponse,
  outcome: Result<T, Failure>,
  write: (value: T) => WireObject,
): ErrorAnswer | null {
  return outcome.ok ? sendJson(response, write(outcome.value)) : errorAnswer(outcome.failure);
}

function sendJson(response: ServerResponse, body: WireObject): null {
  return sendBytes(response, 'application/json; charset=utf-8', JSON.stringify(body));
}

function sendNothing(response: ServerResponse, outcome: Result<void, Failure>): ErrorAnswer | null {
  if (!outcome.ok) return errorAnswer(outcome.failure);
  response.writeHead(204).end();
  return null;
}

function sendBytes(response: ServerResponse, contentType: string, text: string): null {
  const body = Buffer.from(text);
  response.writeHead(200, { 'content-type': contentType, 'content-length': body.length });
  response.end(body);
  return null;
}
