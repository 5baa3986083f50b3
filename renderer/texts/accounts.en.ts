import type { CopyFormat, ShellSnapshot } from '../../preload/contract.ts';

const FORMATS: Readonly<Record<CopyFormat, string>> = {
  token: 'Token',
  header: 'Authorization header',
  env: 'Environment variables',
  curl: 'curl command',
  json: 'JSON',
};

/** Linux sends no event for the screen lock, so there the clipboard is cleared on sleep. */
const STAYS: Readonly<Record<ShellSnapshot['platform'], string>> = {
  linux: 'until the computer sleeps or you quit Keyfob',
  macos: 'until you lock the screen or quit Keyfob',
  windows: 'until you lock the screen or quit Keyfob',
};

/** The window's texts about accounts. */
export const accountTexts = {
  accounts: {
    title: 'Accounts',
    none: 'No accounts yet.',
    copy: 'Copy',
    copyToken: (label: string) => `Copy token for ${label}`,
    copyAs: (label: string) => `Other formats for ${label}`,
    formats: FORMATS,
    menu: (label: string) => `More actions for ${label}`,
    refresh: 'Refresh now',
    check: 'Check with the server',
    openPage: 'Open account page',
    rename: 'Rename…',
    details: 'Details',
    policy: 'Token refresh',
    keepFresh: 'Keep fresh',
    onDemand: 'Only on demand',
    signOut: 'Sign out…',
    remove: 'Remove…',
    forget: 'Forget anyway…',
    signIn: 'Sign in again',
    checking: 'Checking with the server…',
    checked: (label: string) => `Server check for ${label}`,
    validUntil: (time: string) => `Valid until ${time}, or until the next refresh.`,
    signInsRunning: 'Sign-ins in progress',
    signInRow: (typed: string) => `Sign-in to ${typed}`,
  },

  rename: { title: (label: string) => `Rename ${label}`, field: 'New label' },
  signOut: {
    title: (label: string) => `Sign out ${label}?`,
    help: 'Ends the session on the server and verifies that it ended. Tools that use this account stop working.',
    removeTitle: (label: string) => `Remove ${label}?`,
    removeHelp: 'Removes this account from Keyfob. There is no session left to end.',
    doIt: 'Sign out',
    remove: 'Remove',
    working: 'Signing out…',
  },

  forget: {
    title: (label: string) => `Forget ${label}?`,
    mayLive: 'The session may stay active on the server.',
    endIt: "Keyfob couldn't end it. You can end it on the account page.",
    askThem: "Keyfob couldn't end it. Ask your server admin.",
    noProof: "Keyfob hasn't verified yet that the session ended.",
    confirmed:
      'The server confirmed the sign-out. Once you forget the account, Keyfob stops checking.',
    doIt: 'Forget',
    working: 'Trying once more…',
  },

  details: {
    title: (label: string) => `Details of ${label}`,
    user: 'Matrix ID',
    name: 'Display name',
    device: 'Device',
    homeserver: 'Homeserver',
    issuer: 'Sign-in server',
    page: 'Account page',
    noPage: 'not offered by the server',
    scope: 'Scopes',
    added: 'Added',
    unknown: 'not yet known',
  },

  copied: {
    onClipboard: (what: string) => `On the clipboard: ${what}`,
    clearsIn: (time: string) => `clears in ${time}`,
    stays: STAYS,
    cleared: 'Clipboard cleared.',
    curl: 'curl command copied.',
  },
} as const;
