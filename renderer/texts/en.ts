import type { PollSnapshot } from '../../common/snapshots.ts';
import { accountTexts } from './accounts.en.ts';
import type { StepName } from '../model/steps.ts';

const STEP_NAMES: Readonly<Record<StepName, string>> = {
  discover: 'Discover',
  register: 'Register',
  ask: 'Ask for a code',
  wait: 'Wait',
  use: 'Use',
};

const POLL: Readonly<Record<PollSnapshot['state'], string>> = {
  waiting: 'Waiting for you to approve',
  'slowed-down': 'Waiting for you; the server wants to be asked less often',
  unreachable: 'The server does not answer just now; the code stays valid',
};

/** Every text of the window, in English. Failures bring their own words from main. */
export const texts = {
  app: 'Keyfob',
  back: 'Back',
  cancel: 'Cancel',
  close: 'Close',
  hide: 'Hide window',
  dismiss: 'Dismiss',
  save: 'Save',
  starting: 'Starting…',
  bug: 'Something went wrong inside Keyfob.',
  bugHint: 'Try again. If it stays so, quit Keyfob and start it anew; no session is lost by that.',

  nav: { add: 'Add account', settings: 'Settings', inspector: 'Inspector', main: 'Keyfob' },
  welcome: {
    title: 'Your Matrix tokens, always fresh',
    lines: [
      'Sign in once per account, with a code and your browser.',
      'Keyfob keeps each session alive and its tokens fresh.',
      'Copy a token, or let your tools ask for one.',
    ],
  },

  form: {
    title: 'Add account',
    server: 'Your Matrix ID or server',
    placeholder: '@alice:example.org',
    serverHelp: 'For example @alice:example.org, example.org or https://matrix.example.org.',
    asUser: (userId: string, server: string) => `Signs in ${userId} at ${server}.`,
    asServer: (server: string) => `Signs in at ${server}; the browser asks for the account.`,
    asAddress: (host: string) => `Signs in at the homeserver ${host}.`,
    useSuggestion: (suggestion: string) => `Use ${suggestion}`,
    label: 'Label',
    optional: 'optional',
    labelHelp: 'The name that you and your tools call this account by. Left empty: your user name.',
    submit: 'Get a code',
    customise: 'Customise the client',
    customiseHelp:
      'How this client introduces itself to the server. You see it on the approval page and in your list of devices.',
    clientValid: 'The client can be registered like this.',
    clientReset: 'Back to the built-in values',
    clientFields: {
      client_name: 'Name',
      client_uri: 'Web page',
      logo_uri: 'Logo',
      tos_uri: 'Terms of service',
      policy_uri: 'Privacy policy',
    },
  },

  steps: STEP_NAMES,
  stepDetail: {
    discover: 'Finding the homeserver and where it signs people in',
    register: (host: string) => `Introducing Keyfob to ${host}`,
    ask: (host: string) => `Asking ${host} for your code`,
    use: (host: string) => `Asking ${host} who signed in`,
  },
  stepState: { done: 'done', now: 'in progress', later: 'to come' },
  stepOf: (step: number, name: string) => `Step ${step} of 5: ${name}`,

  login: {
    title: (server: string) => `Sign in to ${server}`,
    cancel: 'Cancel sign-in',
    showExchanges: 'Show what was exchanged',
    gone: 'This sign-in is over.',
  },

  wait: {
    code: 'Your code',
    copyAndOpen: 'Copy code and open page',
    copy: 'Copy code',
    opens: 'Opens in your browser:',
    typeIt: 'Paste or type the code on that page.',
    compare: 'The page must show this same code.',
    phishing: 'Approve only if you started this here yourself. Nobody else needs this code, ever.',
    scan: 'Or scan with your phone',
    scanOpens: (host: string) => `It opens ${host}.`,
    qr: (host: string) => `QR code of the link to ${host}`,
    poll: POLL,
    left: (time: string) => `${time} left`,
    asked: (polls: number) =>
      polls === 0 ? 'not asked yet' : `asked ${polls === 1 ? 'once' : `${polls} times`}`,
    asksIn: (time: string) => `asks again in ${time}`,
    asksNow: 'asking now',
    over: 'The time is over',
  },

  confirm: {
    title: 'Somebody else signed in',
    asks: 'Somebody else signed in: decide',
    question: (expected: string, actual: string) =>
      `You typed ${expected}, but ${actual} approved the sign-in.`,
    help: 'Keep it if that is you as well. Otherwise sign it out again: Keyfob ends the session at the server.',
    keep: (actual: string) => `Keep ${actual}`,
    drop: 'Sign it out',
  },

  done: {
    title: 'Signed in',
    signedIn: (userId: string) => `Signed in as ${userId}.`,
    facts: { label: 'Label', device: 'Device', server: 'Homeserver' },
    toAccounts: 'Go to accounts',
  },

  ended: {
    failed: 'The sign-in did not work',
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
    start: 'Start',
    startAtLogin: 'Start Keyfob when I log in',
    cannotStart: 'This system offers no way to start Keyfob by itself.',
    startHidden: 'Start in the tray, without a window',
    noTray: 'This desktop has no tray, so the window always opens.',
    accounts: 'New accounts',
    keepFresh: 'Keep tokens fresh',
    keepFreshHelp: 'Refreshes before they expire. Off: only when somebody asks for one.',
    clipboard: 'Clipboard',
    clear: 'Take a copied token off the clipboard',
    never: 'Never',
    after: (time: string) => `After ${time}`,
    notify: 'Notifications',
    notifications: 'Tell me when an account needs me',
    theme: 'Appearance',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    security: 'How sessions are kept',
    protection: {
      keychain: 'Sealed with a key in the system’s keychain.',
      passphrase: 'Sealed with your passphrase.',
      none: 'Not protected: any program that runs as you can read them.',
    },
    keyStorage: 'The key is kept in',
    socket: 'The agent listens at',
    socketHelp: 'Tools ask here for tokens; the keyfob command finds it by itself.',
    version: (version: string) => `Keyfob ${version}`,
    quit: 'Quit Keyfob',
  },

  inspector: {
    title: 'Inspector',
    help: 'Every request and its answer. Tokens and codes are left out.',
    show: 'Show',
    all: 'Everything',
    ofLogin: (typed: string) => `Sign-in to ${typed}`,
    ofFormer: 'A former sign-in',
    ofAccounts: 'Accounts at work',
    clear: 'Clear',
    none: 'Nothing has been exchanged yet.',
    noneHere: 'Nothing of that has been exchanged yet.',
    copyCurl: 'Copy as curl',
    request: 'Request',
    answer: 'Answer',
    noAnswer: (code: string) => `No answer came (${code}).`,
    noBody: 'no body',
    took: (time: string) => `took ${time}`,
  },

  news: {
    step: (step: number, name: string) => `Step ${step} of 5: ${name}.`,
    code: (spelled: string) => `Your code is ${spelled}.`,
    account: (label: string, state: string) => `${label}: ${state}.`,
    accountGone: (label: string) => `${label} was removed.`,
  },
} as const;
