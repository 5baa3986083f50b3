import type { ClientCheck, LoginRequest, Reply } from '../../preload/contract.ts';
import type { LoginSnapshot } from '../../common/snapshots.ts';
import { customizeMetadata, DEFAULT_CLIENT } from '../protocol/oauth/client-metadata.ts';
import type { ClientMetadata } from '../protocol/oauth/client-metadata.ts';
import type { Failure } from '../../common/failure.ts';
import type { Result } from '../../common/result.ts';
import type { Desktop } from './desktop.ts';
import { DONE, failed, refused } from './desktop.ts';
import { notice } from './notices.ts';

/** The default client metadata: the fields that the person can change. */
export function clientDefaults(): Readonly<Record<string, string>> {
  return textsOf(DEFAULT_CLIENT);
}

/** Checks customised client metadata; returns all fields as they would be registered. */
export function checkClient(client: Readonly<Record<string, string>>): ClientCheck {
  const checked = customizeMetadata(DEFAULT_CLIENT, client);
  if (checked.ok) return { ok: true, value: { fields: textsOf(checked.value) }, field: null };
  const { failure } = checked;
  const field = failure.code === 'client-metadata-invalid' ? failure.field : null;
  return { ...failed(failure), field };
}

export function startLogin(
  desktop: Desktop,
  { server, label, client }: LoginRequest,
): Promise<Reply<LoginSnapshot>> {
  const changed = Object.keys(client).length === 0 ? null : client;
  const wish = { server, label: label.trim() === '' ? null : label.trim(), client: changed };
  return replyOf(desktop.engine.startLogin(wish));
}

/** A result as a reply. */
export async function replyOf<T>(call: Promise<Result<T, Failure>>): Promise<Reply<T>> {
  const result = await call;
  return result.ok ? result : failed(result.failure);
}

/** A result as a reply without a value. */
export async function doneOf(call: Promise<Result<unknown, Failure>>): Promise<Reply> {
  const result = await call;
  return result.ok ? DONE : failed(result.failure);
}

/** Copies the code. It isn't cleared on a timer, as the person may have to log in on the page first. */
export async function copyCode(desktop: Desktop, loginId: string): Promise<Reply> {
  const state = waiting(desktop, loginId);
  if (state === null) return refused(notice('login-over'));
  return desktop.copy({ what: 'sign-in code', text: state.userCode, forMs: null });
}

/** Copies the code and opens the page, also if the code couldn't be copied. */
export async function openLink(desktop: Desktop, loginId: string): Promise<Reply> {
  const state = waiting(desktop, loginId);
  if (state === null) return refused(notice('login-over'));
  const copied = await copyCode(desktop, loginId);
  const opened = await desktop.open(state.verificationUriComplete ?? state.verificationUri);
  return opened.ok ? copied : opened;
}

function waiting(desktop: Desktop, loginId: string) {
  const login = desktop.app.logins.find(({ id }) => id === loginId);
  return login?.state.step === 'waiting' ? login.state : null;
}

function textsOf(metadata: ClientMetadata): Readonly<Record<string, string>> {
  const shown = Object.entries(metadata).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' &&
      /^(client_name|client_uri|logo_uri|tos_uri|policy_uri)/.test(entry[0]),
  );
  return Object.fromEntries(shown);
}
