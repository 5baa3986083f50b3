import type { AgentFailure, InputFailure, VaultFailure } from './failure.ts';
import type { FailureWords } from './failure-text-parts.ts';
import { shown } from './failure-text-parts.ts';
import { delayText } from './time.ts';

const SERVER_HINT =
  'Give a server such as example.org, or your user ID such as @alice:example.org.';

const NOT_A_SERVER: Readonly<
  Record<Extract<InputFailure, { code: 'not-a-server' }>['why'], string>
> = {
  empty: 'No server was given.',
  room: 'That is the name of a room, not of a server.',
  link: 'That is a link to something in Matrix, not a server.',
  scheme: 'That address does not begin with https.',
  malformed: 'That is no server name, no user ID and no web address.',
};

/** What the person typed. */
export const INPUT_WORDS: FailureWords<InputFailure> = {
  'not-a-server': ({ why }) => [NOT_A_SERVER[why], SERVER_HINT],
  'looks-like-email': ({ suggestion }) => [
    'That looks like an e-mail address, and Matrix servers are found by user ID.',
    `If you meant ${shown(suggestion)}, use that; otherwise give the name of your server.`,
  ],
  'insecure-address': ({ address }) => [
    `${shown(address)} is not encrypted, so anybody on the way could take your session.`,
    'Use the address of the server that begins with https.',
  ],
  'client-metadata-invalid': ({ field, why }) => [
    `The client cannot be registered with this ${shown(field)}: ${shown(why)}.`,
    'Correct that field, or leave it out to use the built-in value.',
  ],
  'label-invalid': ({ label }) => [
    `${shown(label)} cannot be the label of an account.`,
    'Use 1 to 64 visible characters, without a slash, and not with @ or - at the start.',
  ],
  'label-taken': ({ label }) => [
    `Another account has the label ${shown(label)}.`,
    'Choose another label, or sign that account out first.',
  ],
  'account-unknown': ({ account, labels }) => [
    account === '' && labels.length === 0
      ? 'No account is signed in yet.'
      : `There is no account named ${shown(account)} here.`,
    labels.length === 0
      ? 'Sign in with keyfob login SERVER.'
      : `The accounts here are ${listed(labels)}.`,
  ],
  'account-ambiguous': ({ account, labels }) => [
    account === '' ? 'There are several accounts.' : `${shown(account)} names several accounts.`,
    `Say which one by its label: ${listed(labels)}.`,
  ],
  'login-unknown': () => [
    'That sign-in does not exist, or it is over.',
    'Start a new one, for example with keyfob login SERVER.',
  ],
  'request-invalid': ({ why }) => [
    `The request cannot be understood: ${shown(why)}.`,
    'Correct the request; the guide to the agent API lists what can be asked.',
  ],
};

const WHOLE_VAULT_HINT =
  'Nothing was changed. Restore the whole vault folder from a backup, or move it away and sign in again.';

const CORRUPT_VAULT = {
  'header-missing': 'The vault has sessions, but the file that says how they are sealed is gone.',
  'header-damaged': 'The file that says how the sessions in the vault are sealed is damaged.',
  'key-unknown': 'The sessions in the vault are sealed under a key that this vault does not have.',
} as const;

/** Where the sessions are kept. */
export const VAULT_WORDS: FailureWords<VaultFailure> = {
  'vault-locked': () => [
    'The vault, where your sessions are kept, is locked.',
    'Unlock it with your passphrase or your system keychain; your sessions are safe meanwhile.',
  ],
  'passphrase-needed': ({ isNew }) => [
    isNew
      ? 'A passphrase is needed to seal your sessions with, and there is no terminal to ask at.'
      : 'The passphrase of your sessions is needed, and there is no terminal to ask at.',
    isNew
      ? 'Name a file that holds it in KEYFOB_PASSPHRASE_FILE, or agree with --unsealed to leave them unprotected.'
      : 'Name a file that holds it in KEYFOB_PASSPHRASE_FILE, or start keyfob agent in a terminal.',
  ],
  'vault-wrong-passphrase': () => [
    'That is not the passphrase of the vault, where your sessions are kept.',
    'Try again; nothing was changed.',
  ],
  'vault-corrupt': ({ quarantine, why }) => {
    if (why !== undefined) return [CORRUPT_VAULT[why], WHOLE_VAULT_HINT];
    return [
      'A record in the vault, where your sessions are kept, is damaged.',
      quarantine === null
        ? 'Restore it from a backup, or sign that account in again.'
        : `It was set aside as ${shown(quarantine)}; restore it, or sign that account in again.`,
    ];
  },
  'vault-newer': ({ version }) => [
    `The vault was written by a newer Keyfob, in format ${version}.`,
    'Update this Keyfob; the vault was left as it is.',
  ],
  'vault-in-use': ({ owner }) => [
    `The vault is in use by another Keyfob: ${shown(owner)}.`,
    'Use that one, or end it first.',
  ],
  'disk-full': ({ path }) => [
    `The disk is full: ${shown(path)} cannot be written.`,
    'Make room and leave Keyfob running: it keeps trying, and hands nothing out that is not saved.',
  ],
  'disk-denied': ({ path }) => [
    `Keyfob may not write ${shown(path)}.`,
    'Give yourself the right to write there and leave Keyfob running: it keeps trying.',
  ],
  'disk-failed': ({ path, errno }) => [
    `Writing ${shown(path)} failed: the system says ${shown(errno)}.`,
    'Check the disk and leave Keyfob running: it keeps trying.',
  ],
};

/** Between a client and the process that holds the vault. */
export const AGENT_WORDS: FailureWords<AgentFailure> = {
  'agent-not-running': ({ socket }) => [
    `No Keyfob is running: nothing answers at ${shown(socket)}.`,
    'Start the app, or run keyfob agent.',
  ],
  'agent-other-version': ({ agent, client }) => [
    `The running Keyfob is version ${shown(agent)}, this command is version ${shown(client)}.`,
    'Restart the app or the agent after an update, so that both are the same.',
  ],
  'agent-stopping': () => [
    'Keyfob is ending and begins nothing new.',
    'Start it again, then repeat this; nothing is lost.',
  ],
  'agent-silent': ({ afterMs }) => [
    `The running Keyfob has not answered for ${delayText(afterMs)}.`,
    'Try again; if it stays silent, restart the app or the agent: no session is lost by that.',
  ],
  'socket-unsafe': ({ path, why }) => [
    `${shown(path)} cannot be trusted as the way to Keyfob: ${shown(why)}.`,
    'Remove it, or set KEYFOB_SOCKET to a place that only you can write to.',
  ],
  'timed-out': ({ afterMs }) => [
    `There was no result after ${delayText(afterMs)}.`,
    'Try again, or allow more time.',
  ],
};

function listed(labels: readonly string[]): string {
  return labels.map(shown).join(', ');
}
