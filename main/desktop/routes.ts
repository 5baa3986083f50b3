import * as v from 'valibot';
import type { Requests } from '../../preload/contract.ts';
import * as accounts from './account-requests.ts';
import type { Desktop } from './desktop.ts';
import { DONE, refused } from './desktop.ts';
import * as logins from './login-requests.ts';
import { notice } from './notices.ts';
import { settingsChange } from './settings.ts';

/** The schema of a request's arguments, and its handler. */
type Route<C extends keyof Requests> = Readonly<{
  args: v.GenericSchema<unknown, Parameters<Requests[C]>>;
  answer: (
    ...args: Parameters<Requests[C]>
  ) => ReturnType<Requests[C]> | Promise<ReturnType<Requests[C]>>;
}>;

/** One route per request; a missing one doesn't compile. */
export type Routes = { readonly [C in keyof Requests]: Route<C> };

/** The routes whose channel starts with this noun. */
type RoutesOf<Noun extends string> = Pick<Routes, Extract<keyof Requests, `${Noun}:${string}`>>;

/** Longer than anything a person types, and than any id. */
const text = v.pipe(v.string(), v.maxLength(2_048));
const client = v.pipe(
  v.custom<object>((value) => typeof value === 'object' && !Array.isArray(value)),
  v.record(v.pipe(v.string(), v.maxLength(200)), text),
  v.check((fields) => Object.keys(fields).length <= 64),
);
const nothing = v.strictTuple([]);
const one = v.strictTuple([text]);

/** The handlers of all requests from the window. */
export function routes(desktop: Desktop): Routes {
  const { exchanges, ports } = desktop;
  return {
    'app:snapshot': { args: nothing, answer: () => desktop.freshSnapshot() },
    'app:quit': { args: nothing, answer: () => done(() => ports.quit()) },
    'window:hide': { args: nothing, answer: () => done(() => ports.hideWindow()) },
    'notice:dismiss': { args: one, answer: (code) => desktop.dismiss(code) },
    ...loginRoutes(desktop),
    ...accountRoutes(desktop),
    'settings:change': {
      args: v.strictTuple([settingsChange]),
      answer: (change) => desktop.changeSettings(change),
    },
    'exchange:list': { args: nothing, answer: () => exchanges.list() },
    'exchange:copy-curl': { args: one, answer: (id) => copyCurl(desktop, id) },
    'exchange:clear': { args: nothing, answer: () => done(() => exchanges.clear()) },
  };
}

function loginRoutes(desktop: Desktop): RoutesOf<'client' | 'login'> {
  const { engine } = desktop;
  return {
    'client:defaults': { args: nothing, answer: logins.clientDefaults },
    'client:check': { args: v.strictTuple([client]), answer: logins.checkClient },
    'login:start': {
      args: v.strictTuple([v.strictObject({ server: text, label: text, client })]),
      answer: (wish) => logins.startLogin(desktop, wish),
    },
    'login:cancel': { args: one, answer: (id) => logins.doneOf(engine.cancelLogin(id)) },
    'login:answer': {
      args: v.strictTuple([text, v.boolean()]),
      answer: (id, keep) => logins.doneOf(engine.answerLogin(id, keep)),
    },
    'login:retry': { args: one, answer: (id) => logins.replyOf(engine.retryLogin(id)) },
    'login:copy-code': { args: one, answer: (id) => logins.copyCode(desktop, id) },
    'login:open-link': { args: one, answer: (id) => logins.openLink(desktop, id) },
  };
}

function accountRoutes(desktop: Desktop): RoutesOf<'account'> {
  return {
    'account:copy': {
      args: v.strictTuple([text, v.picklist(['token', 'header', 'env', 'curl', 'json'])]),
      answer: (id, format) => accounts.copyToken(desktop, id, format),
    },
    'account:refresh': { args: one, answer: (id) => accounts.refreshAccount(desktop, id) },
    'account:check': { args: one, answer: (id) => accounts.checkAccount(desktop, id) },
    'account:rename': {
      args: v.strictTuple([text, text]),
      answer: (id, label) => accounts.updateAccount(desktop, id, { label }),
    },
    'account:set-policy': {
      args: v.strictTuple([text, v.picklist(['keep-fresh', 'on-demand'])]),
      answer: (id, policy) => accounts.updateAccount(desktop, id, { policy }),
    },
    'account:sign-out': { args: one, answer: (id) => accounts.signOut(desktop, id) },
    'account:forget': { args: one, answer: (id) => accounts.signOut(desktop, id, true) },
    'account:sign-in': { args: one, answer: (id) => accounts.signInAgain(desktop, id) },
    'account:open-page': { args: one, answer: (id) => accounts.openAccountPage(desktop, id) },
  };
}

/** Handles one request. Throws a TypeError for arguments that don't match the contract. */
export async function answerRequest<C extends keyof Requests>(
  channel: C,
  { args, answer }: Routes[C],
  given: readonly unknown[],
): Promise<ReturnType<Requests[C]>> {
  const parsed = v.safeParse(args, given);
  if (!parsed.success) throw new TypeError(`${channel}: arguments refused`);
  return answer(...parsed.output);
}

function copyCurl(desktop: Desktop, exchangeId: string) {
  const command = desktop.exchanges.curl(exchangeId);
  if (command === null) return refused(notice('exchange-unknown'));
  // It holds placeholders instead of secrets, so it isn't cleared on a timer.
  return desktop.copy({ what: 'curl command', text: command, forMs: null });
}

function done(act: () => void) {
  act();
  return DONE;
}
