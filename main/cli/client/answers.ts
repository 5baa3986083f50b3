import * as v from 'valibot';
import type { Result } from '../../../common/result.ts';
import { ok } from '../../../common/result.ts';
import { otherVersion } from './ask.ts';
import type { CommandError } from '../errors.ts';

/*
 * Schemas of the agent's responses. Fields that no command uses are left out and may be anything, as
 * the agent may be newer than this client.
 */

const Notice = v.object({ code: v.string(), message: v.string(), hint: v.string() });

const Account = v.object({
  label: v.string(),
  user_id: v.nullable(v.string()),
  device_id: v.string(),
  homeserver_url: v.string(),
  account_page: v.nullable(v.string()),
  expires_in_s: v.nullable(v.number()),
  state: v.object({
    kind: v.string(),
    text: v.string(),
    notice: v.nullable(Notice),
    retry_in_s: v.nullable(v.number()),
  }),
});

/** One account, as the agent reports it. */
export type AccountAnswer = v.InferOutput<typeof Account>;

const Accounts = v.object({ accounts: v.array(Account) });

const OneAccount = v.object({ account: Account });

const Status = v.object({
  version: v.string(),
  pid: v.number(),
  started_at: v.string(),
  protection: v.string(),
  warnings: v.array(Notice),
  accounts: v.number(),
  logins: v.number(),
  socket: v.string(),
});

/** What the agent reports about itself. */
export type StatusAnswer = v.InferOutput<typeof Status>;

const Check = v.object({
  account: Account,
  user_id: v.string(),
  device_id: v.nullable(v.string()),
  scopes: v.array(v.string()),
  versions: v.array(v.string()),
  device_grant: v.boolean(),
  clock_skew_s: v.nullable(v.number()),
});

/** What the homeserver reported about an account's token. */
export type CheckAnswer = v.InferOutput<typeof Check>;

const SignOut = v.object({
  label: v.string(),
  user_id: v.nullable(v.string()),
  proof: v.string(),
  text: v.string(),
  account_page: v.nullable(v.string()),
});

/** The outcome of a sign-out. */
export type SignOutAnswer = v.InferOutput<typeof SignOut>;

/** Reads `GET /v1/accounts`. */
export function readAccounts(body: string): Result<readonly AccountAnswer[], CommandError> {
  const answer = read(Accounts, body);
  return answer.ok ? ok(answer.value.accounts) : answer;
}

/** Reads `POST .../refresh`. */
export function readAccount(body: string): Result<AccountAnswer, CommandError> {
  const answer = read(OneAccount, body);
  return answer.ok ? ok(answer.value.account) : answer;
}

/** Reads `GET /v1/status`. */
export function readStatus(body: string): Result<StatusAnswer, CommandError> {
  return read(Status, body);
}

/** Reads `POST .../check`. */
export function readCheck(body: string): Result<CheckAnswer, CommandError> {
  return read(Check, body);
}

/** Reads `DELETE /v1/accounts/...`. */
export function readSignOut(body: string): Result<SignOutAnswer, CommandError> {
  return read(SignOut, body);
}

function read<S extends v.GenericSchema>(
  schema: S,
  body: string,
): Result<v.InferOutput<S>, CommandError> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), body);
  return parsed.success ? ok(parsed.output) : otherVersion(null);
}
