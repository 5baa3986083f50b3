import * as v from 'valibot';
import type { Result } from '../../common/result.ts';
import { err, ok } from '../../common/result.ts';
import { readDurationMs } from './duration.ts';

/** What a request asks for, its path and query checked. */
export type Route = Readonly<
  | { name: 'status' }
  | { name: 'accounts' }
  | { name: 'token'; account: string; minValidMs: number; consumer: string | null }
  | { name: 'refresh'; account: string }
  | { name: 'check'; account: string }
  | { name: 'arrange'; account: string }
  /** `forget`: the tokens go even if the server cannot be reached. */
  | { name: 'sign-out'; account: string; forget: boolean }
  | { name: 'login' }
  | { name: 'login-answer'; login: string }
  | { name: 'login-retry'; login: string }
  | { name: 'login-cancel'; login: string }
  | { name: 'events' }
  | { name: 'log' }
>;

/** A request that the agent does not take, and why. `allow`: the methods that the path does take. */
export type Refusal = Readonly<{ status: number; why: string; allow: string | null }>;

type RouteName = Route['name'];

/** `*` stands for one percent-encoded segment: a label, a user id, a login. */
const PATHS: readonly (readonly [path: string, methods: Readonly<Record<string, RouteName>>])[] = [
  ['status', { GET: 'status' }],
  ['accounts', { GET: 'accounts' }],
  ['accounts/*', { PATCH: 'arrange', DELETE: 'sign-out' }],
  ['accounts/*/token', { GET: 'token' }],
  ['accounts/*/refresh', { POST: 'refresh' }],
  ['accounts/*/check', { POST: 'check' }],
  ['login', { POST: 'login' }],
  ['logins/*', { DELETE: 'login-cancel' }],
  ['logins/*/answer', { POST: 'login-answer' }],
  ['logins/*/retry', { POST: 'login-retry' }],
  ['events', { GET: 'events' }],
  ['log', { GET: 'log' }],
];

/** How much longer a token must live when the caller does not say. */
const DEFAULT_MIN_VALID_MS = 60_000;

const TokenQuery = v.object({
  min_valid: v.optional(
    v.pipe(
      v.string(),
      v.check(
        (text) => readDurationMs(text) !== null,
        'a duration such as 60, 60s or 5m is needed',
      ),
      v.transform((text) => readDurationMs(text) ?? DEFAULT_MIN_VALID_MS),
    ),
    String(DEFAULT_MIN_VALID_MS / 1_000),
  ),
  for: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(100, 'at most 100 characters'),
      v.check((text) => !/\p{C}/u.test(text), 'no control or invisible characters'),
    ),
    '',
  ),
});

/**
 * Finds what `method` and `target`, a request line's words, ask for.
 *
 * The path is cut by hand: `URL` would take an account named `..` for a step upwards.
 */
export function routeOf(method: string, target: string): Result<Route, Refusal> {
  const [path = '', query = ''] = target.replace(/^http:\/\/[^/]*/i, '').split(/\?(.*)/s);
  const segments = path.split('/').slice(1).map(decoded);
  const [version, ...rest] = segments;
  if (segments.includes(null)) return refuse(400, 'the path is not percent-encoded UTF-8');
  if (version !== 'v1') return refuse(404, `there is no ${path}: every path begins with /v1/`);
  for (const [pattern, methods] of PATHS) {
    const named = match(pattern.split('/'), rest);
    if (named === null) continue;
    const name = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (name !== undefined) return routed(name, named, new URLSearchParams(query));
    const allow = Object.keys(methods).join(', ');
    return err({ status: 405, why: `${path} does not take ${method}, but ${allow}`, allow });
  }
  return refuse(404, `there is no ${path}`);
}

/** What valibot found wrong, in one sentence: the field, then what it must be. */
export function issueText(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues
    .map((issue) => `${v.getDotPath(issue) ?? 'the body'}: ${issue.message}`)
    .slice(0, 3)
    .join('; ');
}

function routed(name: RouteName, named: string, query: URLSearchParams): Result<Route, Refusal> {
  switch (name) {
    case 'token':
      return tokenRoute(named, query);
    case 'refresh':
    case 'check':
    case 'arrange':
      return ok({ name, account: named });
    case 'sign-out':
      return ok({ name, account: named, forget: query.get('forget') === '1' });
    case 'login-answer':
    case 'login-retry':
    case 'login-cancel':
      return ok({ name, login: named });
    default:
      return ok({ name });
  }
}

function tokenRoute(account: string, query: URLSearchParams): Result<Route, Refusal> {
  const parsed = v.safeParse(TokenQuery, Object.fromEntries(query));
  if (!parsed.success) return refuse(400, issueText(parsed.issues));
  const consumer = parsed.output.for.trim();
  return ok({
    name: 'token',
    account,
    minValidMs: parsed.output.min_valid,
    consumer: consumer === '' ? null : consumer,
  });
}

/** The segment at `*`, an empty text when the pattern has none; null when the path is another one. */
function match(pattern: readonly string[], path: readonly (string | null)[]): string | null {
  if (pattern.length !== path.length) return null;
  let named = '';
  for (const [index, expected] of pattern.entries()) {
    const found = path[index] ?? '';
    if (expected !== '*' && expected !== found) return null;
    if (expected === '*' && found === '') return null;
    if (expected === '*') named = found;
  }
  return named;
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null; // URIError: `%` without two hexadecimal digits, or not UTF-8
  }
}

function refuse(status: number, why: string): Result<never, Refusal> {
  return err({ status, why, allow: null });
}
