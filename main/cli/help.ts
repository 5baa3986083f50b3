import type { Io } from './io.ts';

type Help = Readonly<{ usage: string; about: string; details: string }>;

const TIMEOUT = '  --timeout TIME      Wait at most this long for an answer (60s).';

const JSON_OPTION = '  --json              Print the agent API’s answer, one JSON object.';

/** In the order in which a person meets them. */
const COMMANDS: Readonly<Record<string, Help>> = {
  agent: {
    usage: 'keyfob agent [--unsealed] [--log LEVEL]',
    about: 'Run the agent without a desktop: it keeps the tokens fresh and hands them out.',
    details: `
  --unsealed          Leave the sessions of a new vault unprotected on this disk.
  --log LEVEL         debug, info or warn (warn).

Asks for the passphrase at the terminal, or reads it from the file that $KEYFOB_PASSPHRASE_FILE
names. Runs until stopped (Ctrl-C).`,
  },
  login: {
    usage: 'keyfob login SERVER [--label NAME] [--no-open] [--json] [--client FILE.json]',
    about: 'Sign in to an account, with a code and a browser.',
    details: `
SERVER is what you know: @alice:example.org, example.org, or the address of a homeserver.

  --label NAME        Your name for the account; made from the user id when left out.
  --no-open           Do not offer to open the browser.
  --json              Print one JSON object per step, and ask nothing.
  --client FILE.json  Client metadata to register with: client_name, client_uri, ...

Nothing opens by itself: in a terminal, Enter opens the link. The label goes to stdout when stdout is
not a terminal.

  keyfob login @alice:example.org
  keyfob login example.org --label work`,
  },
  list: {
    usage: 'keyfob list [--json]',
    about: 'List the accounts and how they are.',
    details: `\n${JSON_OPTION}\n${TIMEOUT}`,
  },
  status: {
    usage: 'keyfob status [--json]',
    about: 'Show the agent: version, protection, accounts.',
    details: `\n${JSON_OPTION}\n${TIMEOUT}`,
  },
  token: {
    usage:
      'keyfob token [ACCOUNT] [--min-valid TIME] [--json|--header|--env[=NAME]|--curl] [--for NAME]',
    about: 'Print an access token that is valid now.',
    details: `
ACCOUNT is a label or a user id; without it $KEYFOB_ACCOUNT, or the only account there is.

  --min-valid TIME    The token must live at least this long: 60, 60s, 5m (60s).
  --json              With account, homeserver, scopes and expiry, as one JSON object.
  --header            As "Authorization: Bearer ...", without a newline.
  --env[=NAME]        As lines for a POSIX shell: NAME (MATRIX_ACCESS_TOKEN), MATRIX_HOMESERVER,
                      MATRIX_USER_ID.
  --curl              A curl command that fetches the token itself and keeps it out of sight.
  --for NAME          Who will use it; shown beside the account while the token is in use.
${TIMEOUT}

A token is full access to the account. Let it go straight to where it is used:

  keyfob token alice --header | curl --header @- https://matrix.example.org/...
  eval "$(keyfob token alice --env)"`,
  },
  refresh: {
    usage: 'keyfob refresh [ACCOUNT] [--json]',
    about: 'Get new tokens now. The token in use until now stops working.',
    details: `\n${JSON_OPTION}\n${TIMEOUT}`,
  },
  check: {
    usage: 'keyfob check [ACCOUNT] [--json]',
    about: 'Ask the homeserver whose token this is, and what it allows.',
    details: `\n${JSON_OPTION}\n${TIMEOUT}`,
  },
  rename: {
    usage: 'keyfob rename ACCOUNT LABEL [--json]',
    about: 'Give an account another label.',
    details: `\n${JSON_OPTION}\n${TIMEOUT}`,
  },
  set: {
    usage: 'keyfob set ACCOUNT --policy keep-fresh|on-demand [--json]',
    about: 'Choose when an account gets new tokens.',
    details: `
  --policy NAME       keep-fresh: shortly before the token expires, so that one is there at once; a
                      token in use is never replaced before it expires.
                      on-demand: only when a token is asked for.
${JSON_OPTION}
${TIMEOUT}`,
  },
  logout: {
    usage: 'keyfob logout ACCOUNT [--forget] [--json]',
    about: 'Sign out at the server, and say how far that is proven.',
    details: `
Asks nothing: naming the account is the consent.

  --forget            forget the tokens even if the server cannot be reached; the session
                      then lives on there, until you end it on the server's account page

${JSON_OPTION}
${TIMEOUT}`,
  },
  doctor: {
    usage: 'keyfob doctor',
    about: 'Look for what could keep Keyfob from working. Shows no secrets.',
    details: `\n${TIMEOUT}\n\nEnds with 0 when everything is well, else with 1.`,
  },
  help: {
    usage: 'keyfob help [VERB]',
    about: 'Show how to use Keyfob, or one of its verbs.',
    details: '',
  },
};

/** What a person may type after `keyfob`. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

const SURROUNDINGS = `Exit codes: 0 done, 1 error, 2 wrong usage, 3 no agent running, 4 sign-in needed,
5 account unknown or ambiguous, 6 refused or locked, 7 server or network unavailable
(try again later), 124 out of time.

Environment: KEYFOB_ACCOUNT (the account when none is named), KEYFOB_SOCKET (where the
agent listens), KEYFOB_HOME (one folder for everything), NO_COLOR.
`;

/** Prints the help of a verb, or all of it for `''`. Gives the exit code. */
export function showHelp(command: string, io: Io): number {
  const help = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (help === undefined) {
    io.out(`${usageOf('')}\n${SURROUNDINGS}`);
  } else {
    const details = help.details === '' ? '' : `${help.details}\n`;
    io.out(`Usage: ${help.usage}\n\n${help.about}\n${details}`);
  }
  return 0;
}

/** How a verb is used, in a line or two; for `''` every verb in a line. */
export function usageOf(command: string): string {
  const help = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (help !== undefined) {
    return `Usage: ${help.usage}\nRun \`keyfob help ${command}\` for more.\n`;
  }
  const lines = Object.entries(COMMANDS).map(
    ([name, { about }]) => `  ${name.padEnd(9)}${about}\n`,
  );
  return `Usage: keyfob VERB [...]\n\n${lines.join('')}\nRun \`keyfob help VERB\` for more.\n`;
}
