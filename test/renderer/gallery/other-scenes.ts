import { account, FRESH, notice, pictureOf } from './scene.ts';
import type { Scene } from './scene.ts';

const NOT_PROTECTED = notice(
  'not-protected',
  'The sessions on this computer are not protected by a passphrase.',
  'Any program that runs as you can read them. Start the agent with a passphrase to protect them.',
);

const SERVER = 'Your Matrix ID or server';

function typed(name: string, text: string): Scene {
  return {
    name,
    at: '#add',
    picture: pictureOf({}),
    acts: [{ field: SERVER, type: text }],
  };
}

/** The first run, the form, and the settings. */
export const OTHER_SCENES: readonly Scene[] = [
  { name: 'welcome', at: '', picture: pictureOf({}) },
  {
    name: 'welcome-unprotected',
    at: '',
    picture: pictureOf({ vault: { protection: 'none', warnings: [NOT_PROTECTED] } }),
  },
  {
    name: 'notices',
    at: '',
    picture: pictureOf({
      accounts: [account('alice', FRESH)],
      vault: { protection: 'none', warnings: [NOT_PROTECTED] },
      shell: {
        notices: [
          notice(
            'no-tray',
            'This desktop has no tray.',
            'Closing the window ends Keyfob; minimise it instead, or use the keyfob command.',
          ),
        ],
        outcomes: [
          {
            ...notice(
              'sign-out-result',
              'work: Signed out. Proven: the server refuses the old token.',
              '',
            ),
            tone: 'good',
          },
          {
            ...notice(
              'clipboard-not-cleared',
              'Something that Keyfob copied may still be on the clipboard: the system let nobody look.',
              'Copy something else to replace it.',
            ),
            tone: 'bad',
          },
        ],
      },
    }),
  },
  { name: 'add', at: '#add', picture: pictureOf({}) },
  typed('add-user', '@alice:example.org'),
  typed('add-email', 'alice@example.org'),
  typed('add-wrong', 'http://matrix.example.org'),
  {
    name: 'add-client',
    at: '#add',
    picture: pictureOf({}),
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
    picture: pictureOf({}),
    answers: {
      'login:start': {
        ok: false,
        failure: notice(
          'label-taken',
          'Another account has the label alice.',
          'Choose another label, or sign that account out first.',
        ),
      },
    },
    acts: [
      { field: SERVER, type: 'example.org' },
      { field: 'Label (optional)', type: 'alice' },
      { press: 'Get a code' },
    ],
  },
  { name: 'settings', at: '#settings', picture: pictureOf({}) },
  {
    name: 'settings-refused',
    at: '#settings',
    picture: pictureOf({ settings: { startAtLogin: false } }),
    answers: {
      'settings:change': {
        ok: false,
        failure: notice(
          'autostart-failed',
          'Starting with the computer could not be set up.',
          "Use your system's own settings for programs that start by themselves.",
        ),
      },
    },
    acts: [{ flip: 'Start Keyfob when I log in' }],
  },
  {
    name: 'settings-light',
    at: '#settings',
    picture: pictureOf({ settings: { theme: 'light' } }),
  },
  {
    name: 'settings-bare',
    at: '#settings',
    picture: pictureOf({
      vault: { protection: 'none', warnings: [NOT_PROTECTED] },
      settings: { startAtLogin: false, clipboardMs: 0, theme: 'system' },
      shell: { tray: false, canStartAtLogin: false, keyStorage: 'a file beside the sessions' },
    }),
  },
];
