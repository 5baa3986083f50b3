import { MINUTE, SECOND } from '../../../common/time.ts';
import type { LoginStateSnapshot } from '../../../common/snapshots.ts';
import { account, FRESH, login, notice, NOW, snapshotOf } from './scene.ts';
import type { Scene } from './scene.ts';

const WHERE = { homeserver: 'https://matrix.example.org/', issuer: 'https://auth.example.org/' };

type Waiting = Extract<LoginStateSnapshot, { step: 'waiting' }>;

const WAITING: Waiting = {
  ...WHERE,
  step: 'waiting',
  clientId: '01J9XK3W5T',
  userCode: 'K7QD0R',
  verificationUri: 'https://auth.example.org/link',
  verificationUriComplete: 'https://auth.example.org/link?code=K7QD0R',
  expiresAt: NOW + 18 * MINUTE + 32 * SECOND,
  intervalMs: 5 * SECOND,
  poll: { state: 'waiting', polls: 17, nextAt: NOW + 4 * SECOND },
};

const CONFIRMING: LoginStateSnapshot = {
  step: 'confirming',
  homeserver: WHERE.homeserver,
  expected: '@alice:example.org',
  actual: '@alice.admin:example.org',
};

function scene(name: string, state: LoginStateSnapshot): Scene {
  return { name, at: '#login/login-1', snapshot: snapshotOf({ logins: [login(state)] }) };
}

function failed(name: string, code: string, message: string, hint: string): Scene {
  return scene(name, { step: 'failed', failure: notice(code, message, hint) });
}

/** One sign-in at each step and outcome. */
export const LOGIN_SCENES: readonly Scene[] = [
  scene('login-discovering', { step: 'discovering' }),
  scene('login-registering', { ...WHERE, step: 'registering' }),
  scene('login-requesting', { ...WHERE, step: 'requesting-code', clientId: '01J9XK3W5T' }),
  scene('login-waiting', WAITING),
  scene('login-waiting-typed', {
    ...WAITING,
    userCode: 'WDJB-MJHT-0O1I',
    verificationUri: 'https://auth.chat.department.university.example.org:8443/oauth2/device',
    verificationUriComplete: null,
    expiresAt: NOW + 42 * SECOND,
    poll: { state: 'waiting', polls: 0, nextAt: NOW + 5 * SECOND },
  }),
  scene('login-waiting-long-link', {
    ...WAITING,
    verificationUriComplete: `https://auth.example.org/link?code=K7QD0R&state=${'0123456789'.repeat(30)}`,
  }),
  scene('login-waiting-slow', {
    ...WAITING,
    poll: { state: 'slowed-down', polls: 2, nextAt: NOW + 10 * SECOND },
  }),
  scene('login-waiting-unreachable', {
    ...WAITING,
    poll: { state: 'unreachable', polls: 1, nextAt: NOW },
  }),
  scene('login-verifying', {
    ...WHERE,
    step: 'verifying',
    notice: notice(
      'rate-limited',
      'matrix.example.org asked Keyfob to send fewer requests.',
      'No action is needed. Keyfob keeps retrying.',
    ),
  }),
  scene('login-confirming', CONFIRMING),
  scene('login-done', {
    step: 'done',
    accountId: 'account-alice',
    label: 'alice',
    userId: '@alice:example.org',
    deviceId: 'KFBXQ3RNTA',
    homeserver: WHERE.homeserver,
    notices: [],
  }),
  scene('login-done-notices', {
    step: 'done',
    accountId: 'account-alice',
    label: 'alice',
    userId: '@alice:example.net',
    deviceId: 'XYZZY',
    homeserver: WHERE.homeserver,
    notices: [
      notice(
        'other-device',
        'The server gave this session the device ID XYZZY, although Keyfob requested KFBXQ3RNTA.',
        'In your device list, look for XYZZY; nothing else changes.',
      ),
      notice(
        'other-domain',
        'You entered example.org, but the account belongs to example.net.',
        "If you don't recognize that server, sign out of this account.",
      ),
    ],
  }),
  failed(
    'login-expired',
    'login-expired',
    'The sign-in code has expired.',
    'Start again to get a new code.',
  ),
  failed(
    'login-failed',
    'oauth-unsupported',
    'https://matrix.example.org/ does not support OAuth sign-in, only passwords.',
    'Keyfob can sign in there only once the server supports OAuth; ask your server admin.',
  ),
  scene('login-cancelled', { step: 'cancelled' }),
  {
    name: 'login-several',
    at: '',
    snapshot: snapshotOf({
      accounts: [account('alice', FRESH)],
      logins: [
        login(WAITING, { typed: '@bob:example.org' }),
        login({ step: 'discovering' }, { id: 'login-2', typed: 'example.net' }),
        login(CONFIRMING, { id: 'login-3', typed: '@alice:example.org' }),
      ],
    }),
  },
];
