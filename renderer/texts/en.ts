import type { PollSnapshot } from '../../common/snapshots.ts';
import { accountTexts } from './accounts.en.ts';
import type { StepName } from '../model/steps.ts';

const STEP_NAMES: Readonly<Record<StepName, string>> = {
  discover: 'Discover',
  register: 'Register',
  ask: 'Request code',
  wait: 'Wait for approval',
  use: 'Verify',
};

const POLL: Readonly<Record<PollSnapshot['state'], string>> = {
  waiting: 'Waiting for your approval',
  'slowed-down': 'Waiting for your approval; the server asked for fewer requests',
  unreachable: "Can't reach the server; the code is still valid",
};

/** Every text of the window, in English. Failure messages come from main. */
export const texts = {
  app: 'Keyfob',
  back: 'Back',
  cancel: 'Cancel',
  close: 'Close',
  hide: 'Hide window',
  dismiss: 'Dismiss',
  save: 'Save',
  starting: 'Starting…',
  bug: 'Something went wrong in Keyfob.',
  bugHint: 'Try again. If it keeps happening, restart Keyfob; your sessions are safe.',

  nav: { add: 'Add account', settings: 'Settings', inspector: 'Inspector', main: 'Keyfob' },
  welcome: {
    title: 'Your Matrix tokens, always fresh',
    lines: [
      'Sign in once per account, with a code and your browser.',
      'Keyfob keeps each session alive and its tokens fresh.',
      'Copy a token, or let your tools request one.',
    ],
  },

  form: {
    title: 'Add account',
    server: 'Your Matrix ID or server',
    placeholder: '@alice:example.org',
    serverHelp: 'For example @alice:example.org, example.org or https://matrix.example.org.',
    asUser: (userId: string, server: string) => `You'll sign in as ${userId} on ${server}.`,
    asServer: (server: string) =>
      `You'll sign in on ${server} and choose the account in your browser.`,
    asAddress: (host: string) => `You'll sign in on the homeserver ${host}.`,
    useSuggestion: (suggestion: string) => `Use ${suggestion}`,
    label: 'Label',
    optional: 'optional',
    labelHelp: 'The name you and your tools use for this account. Defaults to your user name.',
    submit: 'Get a code',
    customise: 'Customise the client',
    customiseHelp:
      'How Keyfob identifies itself to the server. You see it on the approval page and in your device list.',
    clientValid: 'These values are valid.',
    clientReset: 'Reset to defaults',
    clientFields: {
      client_name: 'Name',
      client_uri: 'Website',
      logo_uri: 'Logo',
      tos_uri: 'Terms of service',
      policy_uri: 'Privacy policy',
    },
  },

  steps: STEP_NAMES,
  stepDetail: {
    discover: 'Finding the homeserver and its sign-in server',
    register: (host: string) => `Registering Keyfob with ${host}`,
    ask: (host: string) => `Requesting a code from ${host}`,
    use: (host: string) => `Checking with ${host} who signed in`,
  },
  stepState: { done: 'done', now: 'in progress', later: 'not started' },
  stepOf: (step: number, name: string) => `Step ${step} of 5: ${name}`,

  login: {
    title: (server: string) => `Sign in to ${server}`,
    cancel: 'Cancel sign-in',
    showExchanges: 'Show in inspector',
    gone: 'This sign-in has ended.',
  },

  wait: {
    code: 'Your code',
    copyAndOpen: 'Copy code and open page',
    copy: 'Copy code',
    opens: 'Opens in your browser:',
    typeIt: 'Paste or type the code on that page.',
    compare: 'Check that the page shows this code.',
    phishing: 'Approve only a sign-in you started yourself. Never share the code.',
    scan: 'Or scan with your phone',
    scanOpens: (host: string) => `It opens ${host}.`,
    qr: (host: string) => `QR code of the link to ${host}`,
    poll: POLL,
    left: (time: string) => `${time} left`,
    asked: (polls: number) =>
      polls === 0 ? 'not checked yet' : `checked ${polls === 1 ? 'once' : `${polls} times`}`,
    asksIn: (time: string) => `next check in ${time}`,
    asksNow: 'checking now',
    over: 'Expired',
  },

  confirm: {
    title: 'Someone else signed in',
    asks: 'Someone else signed in: your decision',
    question: (expected: string, actual: string) =>
      `You entered ${expected}, but ${actual} approved the sign-in.`,
    help: "Keep this session if it's also your account. Otherwise end it.",
    keep: (actual: string) => `Keep ${actual}`,
    drop: 'End session',
  },

  done: {
    title: 'Signed in',
    signedIn: (userId: string) => `Signed in as ${userId}.`,
    facts: { label: 'Label', device: 'Device', server: 'Homeserver' },
    toAccounts: 'Go to accounts',
  },

  ended: {
    failed: 'Sign-in failed',
    expired: 'The code has expired',
    cancelled: 'The sign-in was cancelled.',
    retry: 'Try again',
    newCode: 'Get a new code',
    newStart: 'Start over',
  },

  ...accountTexts,

  notices: 'Notices',
  settings: {
    title: 'Settings',
    start: 'Startup',
    startAtLogin: 'Start Keyfob at login',
    cannotStart: "This system doesn't let Keyfob start at login.",
    startHidden: 'Start hidden in the tray',
    noTray: 'This desktop has no tray, so the window always opens.',
    accounts: 'New accounts',
    keepFresh: 'Keep tokens fresh',
    keepFreshHelp: 'Refresh tokens before they expire. When off, only on request.',
    clipboard: 'Clipboard',
    clear: 'Clear copied tokens from the clipboard',
    never: 'Never',
    after: (time: string) => `After ${time}`,
    notify: 'Notifications',
    notifications: 'Notify me when an account needs attention',
    theme: 'Appearance',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    security: 'Session storage',
    protection: {
      keychain: 'Encrypted with a key in your system keychain.',
      passphrase: 'Encrypted with your passphrase.',
      none: 'Not protected: any program running as you can read your sessions.',
    },
    keyStorage: 'Key protected by',
    socket: 'Agent socket',
    socketHelp: 'Tools request tokens here. The keyfob command finds it automatically.',
    version: (version: string) => `Keyfob ${version}`,
    quit: 'Quit Keyfob',
  },

  inspector: {
    title: 'Inspector',
    help: 'Every request and its response, with tokens and codes redacted.',
    show: 'Show',
    all: 'All requests',
    ofLogin: (typed: string) => `Sign-in to ${typed}`,
    ofFormer: 'Earlier sign-in',
    ofAccounts: 'Signed-in accounts',
    clear: 'Clear',
    none: 'No requests yet.',
    noneHere: 'No matching requests yet.',
    copyCurl: 'Copy as curl',
    request: 'Request',
    response: (time: string) => `Response after ${time}`,
    noResponse: (code: string) => `No response (${code}).`,
    noBody: 'no body',
  },

  news: {
    step: (step: number, name: string) => `Step ${step} of 5: ${name}.`,
    code: (spelled: string) => `Your code is ${spelled}.`,
    account: (label: string, state: string) => `${label}: ${state}.`,
    accountGone: (label: string) => `${label} was removed.`,
  },
} as const;
