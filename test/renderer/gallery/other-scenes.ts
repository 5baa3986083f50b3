import { account, FRESH, notice, snapshotOf } from './scene.ts';
import type { Scene } from './scene.ts';

const NOT_PROTECTED = notice(
  'not-protected',
  'Your sessions are stored on this computer without protection.',
  'Any program that runs as you can read them. Start the agent with a passphrase to protect them.',
);

const SERVER = 'Your Matrix ID or server';

function typed(name: string, text: string): Scene {
  return {
    name,
    at: '#add',
    snapshot: snapshotOf({}),
    acts: [{ field: SERVER, type: text }],
  };
}

/** The first run, the form, and the settings. */
export const OTHER_SCENES: readonly Scene[] = [
  { name: 'welcome', at: '', snapshot: snapshotOf({}) },
  {
    name: 'welcome-unprotected',
    at: '',
    snapshot: snapshotOf({ vault: { protection: 'none', warnings: [NOT_PROTECTED] } }),
  },
  {
    name: 'notices',
    at: '',
    snapshot: snapshotOf({
      accounts: [account('alice', FRESH)],
      vault: { protection: 'none', warnings: [NOT_PROTECTED] },
      shell: {
        notices: [
          notice(
            'no-tray',
            'This desktop has no system tray, so Keyfob runs in an ordinary window and quits when you close it.',
            'Minimise the window to keep Keyfob running. On GNOME, the AppIndicator extension adds a tray.',
          ),
        ],
        outcomes: [
          {
            ...notice(
              'sign-out-result',
              'work: Signed out. Verified: the server rejects the old token.',
              '',
            ),
            tone: 'good',
          },
          {
            ...notice(
              'clipboard-not-cleared',
              "Keyfob couldn't verify that the clipboard is clear. A copied token or code may still be there.",
              'Copy something else to replace it.',
            ),
            tone: 'bad',
          },
        ],
      },
    }),
  },
  { name: 'add', at: '#add', snapshot: snapshotOf({}) },
  typed('add-user', '@alice:example.org'),
  typed('add-email', 'alice@example.org'),
  typed('add-wrong', 'http://matrix.example.org'),
  {
    name: 'add-client',
    at: '#add',
    snapshot: snapshotOf({}),
    acts: [
      { field: SERVER, type: 'example.org' },
      { press: 'Customise the client' },
      { field: 'Name', type: 'Alice’s release bot' },
      { field: 'Logo', type: 'https://elsewhere.example.com/logo.png' },
    ],
  },
  {
    name: 'add-refused',
    at: '#add',
    snapshot: snapshotOf({}),
    answers: {
      'login:start': {
        ok: false,
        failure: notice(
          'label-taken',
          'Another account already has the label alice.',
          'Choose another label, or sign out of that account first.',
        ),
      },
    },
    acts: [
      { field: SERVER, type: 'example.org' },
      { field: 'Label (optional)', type: 'alice' },
      { press: 'Get a code' },
    ],
  },
  { name: 'settings', at: '#settings', snapshot: snapshotOf({}) },
  {
    name: 'settings-refused',
    at: '#settings',
    snapshot: snapshotOf({ settings: { startAtLogin: false } }),
    answers: {
      'settings:change': {
        ok: false,
        failure: notice(
          'autostart-failed',
          "Couldn't change whether Keyfob starts at login.",
          "Use your system's settings for startup apps instead.",
        ),
      },
    },
    acts: [{ flip: 'Start Keyfob at login' }],
  },
  {
    name: 'settings-light',
    at: '#settings',
    snapshot: snapshotOf({ settings: { theme: 'light' } }),
  },
  {
    name: 'settings-bare',
    at: '#settings',
    snapshot: snapshotOf({
      vault: { protection: 'none', warnings: [NOT_PROTECTED] },
      settings: { startAtLogin: false, clipboardMs: 0, theme: 'system' },
      shell: { tray: false, canStartAtLogin: false, keyStorage: 'a file beside the sessions' },
    }),
  },
];
