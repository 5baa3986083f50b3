import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { refreshBlocker } from '../../../common/refresh-failure-text.ts';
import type { HostPaths } from '../../host/paths.ts';
import { version } from '../../host/version.ts';
import type { AccountAnswer, StatusAnswer } from '../client/answers.ts';
import { protectionText } from './protection-text.ts';
import { socketDanger } from '../client/socket-safety.ts';
import type { Io } from '../io.ts';

/** One result. A `problem` keeps something from working; a `warning` may do so later. */
export type Finding = Readonly<{
  level: 'ok' | 'warning' | 'problem';
  text: string;
  /** What to do about it; empty for `ok`. */
  hint: string;
}>;

const VARIABLES = ['KEYFOB_HOME', 'KEYFOB_SOCKET', 'KEYFOB_ACCOUNT', 'KEYFOB_PASSPHRASE_FILE'];

/** Reported as set, without the value: the address of a proxy may contain a password. */
const MASKED_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'NODE_EXTRA_CA_CERTS'];

/** Versions and environment variables. `nodeVersion` is like `20.19.0`. */
export function environmentFindings(io: Io, nodeVersion: string): readonly Finding[] {
  const { env, platform } = io;
  const named = VARIABLES.filter((name) => env[name]).map((name) => `${name}=${env[name] ?? ''}`);
  const masked = MASKED_VARIABLES.filter((name) => env[name]).map((name) => `${name} (set)`);
  const set = [...named, ...masked].join(', ');
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const old = major < 20 || (major === 20 && minor < 19);
  return [
    fine(`Keyfob ${version}, ${platform}`),
    old
      ? problem(`Node ${nodeVersion} is too old`, 'Install Node 20.19 or newer.')
      : fine(`Node ${nodeVersion}`),
    fine(set === '' ? 'Environment: no relevant variables are set' : `Environment: ${set}`),
  ];
}

/** Owner and permissions of the folders. */
export function pathFindings(io: Io, places: HostPaths): readonly Finding[] {
  const { home, vault, socket, settings, log } = places;
  return [
    folderFinding('Data', home, io.uid, 'readable'),
    folderFinding('Sessions', vault, io.uid, 'private'),
    ...(io.platform === 'win32'
      ? [fine(`Socket: ${socket}`)]
      : [folderFinding('Socket folder', dirname(socket), io.uid, 'private')]),
    fine(`Settings: ${settings}`),
    fine(`Log: ${log}`),
    ...dangerFindings(socket, io.uid),
  ];
}

/** What the agent reports about itself. */
export function agentFindings(status: StatusAnswer): readonly Finding[] {
  const { protection } = status;
  const agent = `Agent ${status.version}, process ${status.pid}, at ${status.socket}`;
  const sessions = `Sessions: ${protectionText(protection)}`;
  const warned = status.warnings.some(({ code }) => code === 'not-protected');
  return [
    status.version === version
      ? fine(agent)
      : warning(agent, `This command is version ${version}. Restart the agent after an update.`),
    protection === 'none' && !warned
      ? warning(sessions, 'Set a passphrase, or use a system keychain, to encrypt them.')
      : fine(sessions),
    ...status.warnings.map(({ message, hint }) => warning(message, hint)),
  ];
}

/** The state of one account. */
export function accountFinding(account: AccountAnswer): Finding {
  const { label, user_id, state } = account;
  const text = `Account ${label} (${user_id ?? 'user ID not known yet'}): ${state.text}`;
  const hint = state.notice === null ? '' : `${state.notice.message} ${state.notice.hint}`;
  switch (state.kind) {
    case 'unsaved':
    case 'locked':
      return problem(text, hint);
    case 'signed-out':
      return warning(
        text,
        `Sign in again: keyfob login ${user_id ?? account.homeserver_url} --label ${label}`,
      );
    case 'retrying':
      return isStuck(account) ? problem(text, hint) : warning(text, hint);
    case 'signing-out':
      return warning(text, hint);
    default:
      return fine(text);
  }
}

/** Whether retries can't succeed until the user acts. A retry that waits for the token to expire doesn't count. */
function isStuck({ expires_in_s: expiry, state }: AccountAnswer): boolean {
  const isPostponed = expiry !== null && expiry > 0 && expiry === state.retry_in_s;
  return !isPostponed && refreshBlocker(state.notice?.code ?? '') === 'person';
}

/** A finding of level `problem`. */
export function problem(text: string, hint: string): Finding {
  return { level: 'problem', text, hint };
}

function warning(text: string, hint: string): Finding {
  return { level: 'warning', text, hint };
}

function fine(text: string): Finding {
  return { level: 'ok', text, hint: '' };
}

function dangerFindings(socket: string, uid: number | null): readonly Finding[] {
  const danger = socketDanger(socket, uid);
  if (danger?.code !== 'socket-unsafe') return [];
  return [
    problem(`Socket ${socket}: ${danger.why}`, 'Remove it, or set KEYFOB_SOCKET to another path.'),
  ];
}

function folderFinding(
  name: string,
  path: string,
  uid: number | null,
  wanted: 'private' | 'readable',
): Finding {
  const text = `${name}: ${path}`;
  let found;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch {
    return problem(`${text} can't be inspected`, 'Give your user access to it.');
  }
  if (found === undefined) return fine(`${text} (not created yet)`);
  if (!found.isDirectory()) return problem(`${text} is not a folder`, 'Move it out of the way.');
  if (uid === null) return fine(text);
  const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
  if (found.uid !== uid) {
    return problem(
      `${text} belongs to another user`,
      'Make your user its owner, or set KEYFOB_HOME to another folder.',
    );
  }
  const tooOpen = (found.mode & (wanted === 'private' ? 0o077 : 0o022)) !== 0;
  return tooOpen
    ? problem(
        `${text} is accessible to other users (${mode})`,
        `Restrict access: chmod 700 '${path}'`,
      )
    : fine(`${text} (${mode})`);
}
