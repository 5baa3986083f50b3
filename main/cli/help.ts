import type { Io } from './io.ts';

type Help = Readonly<{ usage: string; about: string; details: string }>;

const TIMEOUT = '  --timeout TIME      Wait at most this long for an answer (default: 60s).';

const JSON_OPTION = '  --json              Print the agent API response as one JSON object.';

/** In the order in which a person meets them. */
const COMMANDS: Readonly<Record<string, Help>> = {
  agent: {
    usage: 'keyfob agent [--unsealed] [--log LEVEL]',
    about: 'Run the agent without the desktop app: it keeps tokens fresh and hands them out.',
    details: `
  --unsealed          Store the sessions of a new vault unprotected on this disk.
  --log LEVEL         debug, info or warn (default: warn).

Reads the passphrase from the file named in $KEYFOB_PASSPHRASE_FILE, or prompts for it in the
terminal. Runs until you stop it (Ctrl-C).`,
  },
  login: {
    usage: 'keyfob login SERVER [--label NAME] [--no-open] [--json] [--client FILE.json]',
    about: 'Sign in to an account, with a code and your browser.',
    details: `
SERVER is your user ID, its domain, or the address of a homeserver.

  --label NAME        Your name for the account (default: from the user ID).
  --no-open           Stop Enter from opening a browser.
  --json              Print one JSON object per step, and never prompt.
  --client FILE.json  Client metadata to register with: client_name, client_uri, ...

Nothing opens automatically: in a terminal, Enter opens the link. When stdout is not a terminal, the
account's label is printed to it.

  keyfob login @alice:example.org
  keyfob login example.org --label work`,
  },
  list: {
    usage: 'keyfob list [--json]',
    about: 'List accounts and their status.',
    details: `\n${JSON_OPTION}\n${TIMEOUT}`,
  },
  status: {
    usage: 'keyfob status [--json]',
    about: 'Show the version, protection and accounts of the running agent.',
    details: `\n${JSON_OPTION}\n${TIMEOUT}`,
  },
  token: {
    usage:
      'keyfob token [ACCOUNT] [--min-valid TIME] [--json|--header|--env[=NAME]|--curl] [--for NAME]',
    about: 'Print a valid access token.',
    details: `
ACCOUNT is a label or a user ID (default: $KEYFOB_ACCOUNT, else the only account).

  --min-valid TIME    Require at least this much remaining lifetime: 60, 60s, 5m (default: 60s).
  --json              Print the token, account, homeserver, scopes and expiry as one JSON object.
  --header            Print "Authorization: Bearer ..." without a newline.
  --env[=NAME]        Print exports for a POSIX shell: NAME (default: MATRIX_ACCESS_TOKEN),
                      MATRIX_HOMESERVER, MATRIX_USER_ID.
  --curl              Print a curl command that fetches a token each time it runs.
  --for NAME          What will use the token; shown next to the account while it is in use.
${TIMEOUT}

A token gives full access to the account. Pipe it straight to where it is used:

  keyfob token alice --header | curl --header @- https://matrix.example.org/...
  eval "$(keyfob token alice --env)"`,
  },
  refresh: {
    usage: 'keyfob refresh [ACCOUNT] [--json]',
    about: 'Refresh the tokens now. At most servers the current access token stops working.',
    details: `\n${JSON_OPTION}\n${TIMEOUT}`,
  },
  check: {
    usage: 'keyfob check [ACCOUNT] [--json]',
    about: 'Check an account with its homeserver: user, device, scopes, clock.',
    details: `\n${JSON_OPTION}\n${TIMEOUT}`,
  },
  rename: {
    usage: 'keyfob rename ACCOUNT LABEL [--json]',
    about: "Change an account's label.",
    details: `\n${JSON_OPTION}\n${TIMEOUT}`,
  },
  set: {
    usage: 'keyfob set ACCOUNT --policy keep-fresh|on-demand [--json]',
    about: "Choose when an account's tokens are refreshed.",
    details: `
  --policy NAME       keep-fresh: shortly before they expire, so that one is always ready. A token
                      in use is never replaced before it expires.
                      on-demand: only on request.
${JSON_OPTION}
${TIMEOUT}`,
  },
  logout: {
    usage: 'keyfob logout ACCOUNT [--forget] [--json]',
    about: 'Sign out, and verify that the server ended the session.',
    details: `
Does not ask for confirmation.

  --forget            Delete the tokens even if the server cannot be reached. The session then stays
                      active until you end it on the server's account page.
${JSON_OPTION}
${TIMEOUT}`,
  },
  doctor: {
    usage: 'keyfob doctor',
    about: 'Look for problems that keep Keyfob from working. Shows no secrets.',
    details: `\n${TIMEOUT}\n\nExits with 0 if there are no problems, otherwise with 1.`,
  },
  help: {
    usage: 'keyfob help [COMMAND]',
    about: 'Show help for Keyfob or one of its commands.',
    details: '',
  },
};

/** What a person may type after `keyfob`. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

const CODES_AND_ENVIRONMENT = `Exit codes: 0 success, 1 error, 2 usage error, 3 no agent running, 4 sign-in needed,
5 account unknown or ambiguous, 6 refused or locked, 7 server, network or agent unavailable
(retry later), 124 timed out, 130 cancelled with Ctrl-C.

Environment: KEYFOB_ACCOUNT (default account), KEYFOB_SOCKET (socket of the agent), KEYFOB_HOME
(one folder for everything), KEYFOB_PASSPHRASE_FILE (file with the passphrase for keyfob agent),
NO_COLOR.
`;

/** Prints the help of a command, or of all of Keyfob for `''`. Returns the exit code. */
export function showHelp(command: string, io: Io): number {
  const help = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (help === undefined) {
    io.out(`${usageOf('')}\n${CODES_AND_ENVIRONMENT}`);
  } else {
    const details = help.details === '' ? '' : `${help.details}\n`;
    io.out(`Usage: ${help.usage}\n\n${help.about}\n${details}`);
  }
  return 0;
}

/** The usage of a command in a line or two; for `''`, one line per command. */
export function usageOf(command: string): string {
  const help = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (help !== undefined) {
    return `Usage: ${help.usage}\nRun \`keyfob help ${command}\` for details.\n`;
  }
  const lines = Object.entries(COMMANDS).map(
    ([name, { about }]) => `  ${name.padEnd(9)}${about}\n`,
  );
  return `Usage: keyfob COMMAND [...]\n\n${lines.join('')}\nRun \`keyfob help COMMAND\` for details.\n`;
}
