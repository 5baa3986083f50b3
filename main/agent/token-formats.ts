import { unexpected } from '../../common/result.ts';
import type { TokenJson } from './token-json.ts';

/** A format in which a tool expects its token. `name` is the environment variable's. */
export type TokenFormat = Readonly<
  | { kind: 'token' }
  | { kind: 'header' }
  | { kind: 'env'; name: string }
  | { kind: 'json' }
  | { kind: 'curl' }
  | { kind: 'credentials' }
>;

/** The environment variable that most Matrix tools read. */
export const DEFAULT_VARIABLE = 'MATRIX_ACCESS_TOKEN';

/** Whether `name` is a valid name for a shell variable. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

/** The token in the given format, without a trailing newline. The result is a secret. */
export function formatToken(format: TokenFormat, token: TokenJson): string {
  switch (format.kind) {
    case 'token':
      return token.access_token;
    case 'header':
      return `Authorization: Bearer ${token.access_token}`;
    case 'env':
      return environment(format.name, token);
    case 'json':
      return JSON.stringify(token);
    case 'curl':
      return curlWithToken(token);
    case 'credentials':
      return credentials(token);
    default:
      return unexpected(format);
  }
}

/**
 * A curl command that requests the token itself, so that it keeps working when the token changes, and passes
 * it through a pipe, so that no process list or shell history shows it. Contains no secret. `--header @-`
 * needs curl 7.55 (2017).
 */
export function curlCommand(account: string, homeserver: string): string {
  const url = `${homeserver}/_matrix/client/v3/account/whoami`;
  return `keyfob token ${shellWord(account)} --header | curl --header @- ${shellQuote(url)}`;
}

/** `text` as one word of a POSIX shell. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function shellWord(text: string): string {
  return /^[A-Za-z0-9._][A-Za-z0-9._-]*$/.test(text) ? text : shellQuote(text);
}

function environment(name: string, token: TokenJson): string {
  return [
    `export ${name}=${shellQuote(token.access_token)}`,
    `export MATRIX_HOMESERVER=${shellQuote(token.homeserver_url)}`,
    `export MATRIX_USER_ID=${shellQuote(token.user_id)}`,
  ].join('\n');
}

function curlWithToken(token: TokenJson): string {
  const header = shellQuote(`Authorization: Bearer ${token.access_token}`);
  return `curl --header ${header} ${shellQuote(`${token.homeserver_url}/_matrix/client/v3/account/whoami`)}`;
}

/** The credentials file of matrix-commander and of matrix-nio's examples. */
function credentials(token: TokenJson): string {
  const { homeserver_url: homeserver, user_id, device_id, access_token } = token;
  return JSON.stringify({ homeserver, user_id, device_id, access_token }, null, 2);
}
