import { unexpected } from '../../common/result.ts';
import type { TokenJson } from './token-json.ts';

/** A form in which a tool wants its token. `name` is the environment variable's. */
export type TokenFormat = Readonly<
  | { kind: 'token' }
  | { kind: 'header' }
  | { kind: 'env'; name: string }
  | { kind: 'json' }
  | { kind: 'curl' }
  | { kind: 'credentials' }
>;

/** The variable that Matrix tools read most often. */
export const DEFAULT_VARIABLE = 'MATRIX_ACCESS_TOKEN';

/** Whether a shell accepts `name` as a variable. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

/** The token in the form asked for, without a newline at the end. What comes back is a secret. */
export function formatToken(format: TokenFormat, answer: TokenJson): string {
  switch (format.kind) {
    case 'token':
      return answer.access_token;
    case 'header':
      return `Authorization: Bearer ${answer.access_token}`;
    case 'env':
      return environment(format.name, answer);
    case 'json':
      return JSON.stringify(answer);
    case 'curl':
      return curlWithToken(answer);
    case 'credentials':
      return credentials(answer);
    default:
      return unexpected(format);
  }
}

/**
 * A curl command that asks for the token itself, so that it stays true when the token has changed, and
 * that passes the token through a pipe: neither a process list nor a shell history ever shows it.
 * Holds no secret. `--header @-` needs curl 7.55 (2017).
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

function environment(name: string, answer: TokenJson): string {
  return [
    `export ${name}=${shellQuote(answer.access_token)}`,
    `export MATRIX_HOMESERVER=${shellQuote(answer.homeserver_url)}`,
    `export MATRIX_USER_ID=${shellQuote(answer.user_id)}`,
  ].join('\n');
}

function curlWithToken(answer: TokenJson): string {
  const header = shellQuote(`Authorization: Bearer ${answer.access_token}`);
  return `curl --header ${header} ${shellQuote(`${answer.homeserver_url}/_matrix/client/v3/account/whoami`)}`;
}

/** The file that matrix-nio's examples and matrix-commander read. */
function credentials(answer: TokenJson): string {
  const { homeserver_url: homeserver, user_id, device_id, access_token } = answer;
  return JSON.stringify({ homeserver, user_id, device_id, access_token }, null, 2);
}
