import type { CopyFormat, ShellSnapshot } from '../../preload/contract.ts';

const FORMATS: Readonly<Record<CopyFormat, string>> = {
  token: 'Token',
  header: 'Authorization header',
  env: 'Environment variables',
  curl: 'curl command',
  json: 'JSON',
};

/** Only macOS and Windows tell of the screen lock. */
const STAYS: Readonly<Record<ShellSnapshot['platform'], string>> = {
  linux: 'until the computer sleeps or you quit Keyfob',
  macos: 'until you lock the screen or quit Keyfob',
  windows: 'until you lock the screen or quit Keyfob',
};

/** The part of the window's texts that is about accounts. */
export const accountTexts = {
  accounts: {
    title: 'Accounts',
    none: 'No accounts yet.',
    copy: 'Copy',
    copyToken: (label: string) => `Copy token of ${label}`,
    copyAs: (label: string) => `Copy ${label} in another format`,
    formats: FORMATS,
    menu: (label: string) => `More for ${label}`,
    refresh: 'Refresh now',
    check: 'Check with the server',
    openPage: 'Open account page',
    rename: 'Rename…',
    details: 'Details',
    policy: 'Refreshing',
    keepFresh: 'Keep fresh',
    onDemand: 'Only on demand',
    signOut: 'Sign out…',
    remove: 'Remove…',
    forget: 'Forget anyway…',
    signIn: 'Sign in again',
    checking: 'Asking the server…',
    checked: (label: string) => `What the server says about ${label}`,
    validUntil: (time: string) => `Valid until ${time}, or until the next refresh.`,
    signInsRunning: 'Sign-ins',
    signInRow: (typed: string) => `Sign-in to ${typed}`,
  },

  rename: { title: (label: string) => `Rename ${label}`, field: 'New label' },
  signOut: {
    title: (label: string) => `Sign out ${label}?`,
    help: 'The session ends at the server, and Keyfob checks that it did. Tools that use this account stop working.',
    removeHelp: 'Keyfob forgets this account. There is no session left to end.',
    doIt: 'Sign out',
    remove: 'Remove',
    working: 'Signing out…',
  },

  forget: {
    title: (label: string) => `Forget ${label}?`,
    mayLive: 'The session may live on at the server.',
    endIt: 'Keyfob could not end it. You can, on the account page.',
    askThem: 'Keyfob could not end it. Ask the people who run the server.',
    noProof: 'There is no proof yet that the session is over.',
    confirmed: 'The server has confirmed its end. Once forgotten, Keyfob asks no more.',
    doIt: 'Forget',
    working: 'Trying once more…',
  },

  details: {
    title: (label: string) => `Details of ${label}`,
    user: 'Matrix ID',
    name: 'Name',
    device: 'Device',
    homeserver: 'Homeserver',
    issuer: 'Sign-in server',
    page: 'Account page',
    noPage: 'the server names none',
    scope: 'May do',
    added: 'Added',
    unknown: 'not known yet',
  },

  copied: {
    onClipboard: (what: string) => `On the clipboard: ${what}`,
    clearsIn: (time: string) => `cleared in ${time}`,
    stays: STAYS,
    cleared: 'The clipboard was cleared.',
    curl: 'curl command copied.',
  },
} as const;
