import { MINUTE, SECOND } from '../../../common/time.ts';
import type { AccountStateSnapshot } from '../../../common/snapshots.ts';
import { account, FRESH, notice, NOW, snapshotOf } from './scene.ts';
import type { Scene } from './scene.ts';

const HELD: AccountStateSnapshot = {
  kind: 'active',
  expiresAt: NOW + 3 * MINUTE,
  heldBy: [{ consumer: 'Postman', untilAt: NOW + 3 * MINUTE }],
};

const UNREACHABLE: AccountStateSnapshot = {
  kind: 'retrying',
  attempt: 3,
  retryAt: NOW + 20 * SECOND,
  expiresAt: NOW - MINUTE,
  notice: notice(
    'unreachable',
    "Can't reach auth.example.net: there is no network connection.",
    'Check your network connection. Keyfob keeps retrying.',
  ),
};

const LEAVING: AccountStateSnapshot = {
  kind: 'signing-out',
  revoked: false,
  retryAt: NOW + 42 * SECOND,
  notice: notice(
    'unreachable',
    "Can't reach auth.example.org: the request timed out.",
    'Check your network connection. Keyfob keeps retrying.',
  ),
};

/** The note that a refresh is sent can't be saved, so none is sent. */
const NOTE_UNSAVED: AccountStateSnapshot = {
  kind: 'retrying',
  attempt: 4,
  retryAt: NOW + 8 * SECOND,
  expiresAt: NOW - MINUTE,
  notice: notice(
    'disk-full',
    "The disk is full, so /home/alice/.local/share/keyfob can't be written.",
    "Free up space. Keyfob keeps retrying, and hands out no token that isn't saved.",
  ),
};

const RATE_LIMITED: AccountStateSnapshot = {
  kind: 'retrying',
  attempt: 1,
  retryAt: NOW + 42 * SECOND,
  expiresAt: NOW + 3 * MINUTE,
  notice: notice(
    'rate-limited',
    'auth.example.org asked Keyfob to send fewer requests.',
    'No action is needed. Keyfob keeps retrying.',
  ),
};

/** A requested refresh failed while a tool holds the token. */
const POSTPONED: AccountStateSnapshot = {
  ...UNREACHABLE,
  attempt: 1,
  retryAt: NOW + 7 * 24 * 60 * MINUTE - SECOND,
  expiresAt: NOW + 7 * 24 * 60 * MINUTE - SECOND,
};

const TROUBLED: readonly (readonly [string, AccountStateSnapshot])[] = [
  ['flaky', UNREACHABLE],
  [
    'frozen',
    {
      kind: 'locked',
      retryAt: NOW + 9 * MINUTE,
      notice: notice(
        'account-locked',
        'The server has locked this account.',
        'Ask your server admin; the session is kept and works again once the account is unlocked.',
      ),
    },
  ],
  [
    'unsaved',
    {
      kind: 'unsaved',
      notice: notice(
        'disk-full',
        "The disk is full, so /home/alice/.local/share/keyfob can't be written.",
        "Free up space. Keyfob keeps retrying, and hands out no token that isn't saved.",
      ),
    },
  ],
  ['ended', { kind: 'signed-out', why: 'ended-by-server' }],
  ['forgotten', { kind: 'signed-out', why: 'registration-gone' }],
  ['not-ended', { kind: 'signed-out', why: 'unconfirmed' }],
  ['leaving', LEAVING],
];

const STEADY = [
  account('alice', FRESH, { displayName: 'Alice' }),
  account('alice-bot', HELD, { userId: '@alice:example.org' }),
  account('admin', { kind: 'refreshing', expiresAt: NOW + 30 * SECOND }),
  account('ops', {
    kind: 'active',
    expiresAt: NOW - MINUTE,
    heldBy: [],
  }),
  account('eternal', { kind: 'active', expiresAt: null, heldBy: [] }),
  account('newcomer', { kind: 'unverified', notice: null }, { userId: null }),
  account('left', { kind: 'signed-out', why: 'by-user' }),
];

const ONE = snapshotOf({ accounts: [account('alice', FRESH), account('alice-bot', HELD)] });

/** The first view with accounts, and their panels. */
export const ACCOUNT_SCENES: readonly Scene[] = [
  { name: 'accounts', at: '', snapshot: ONE },
  { name: 'accounts-steady', at: '', snapshot: snapshotOf({ accounts: STEADY }) },
  {
    name: 'accounts-troubled',
    at: '',
    snapshot: snapshotOf({
      accounts: TROUBLED.map(([label, state]) => account(label, state)),
    }),
  },
  {
    name: 'accounts-retrying',
    at: '',
    snapshot: snapshotOf({
      accounts: [
        account('no-network', UNREACHABLE),
        account('full-disk', NOTE_UNSAVED),
        account('too-many', RATE_LIMITED),
        account('in-use', POSTPONED),
      ],
    }),
  },
  {
    name: 'accounts-long-names',
    at: '',
    snapshot: snapshotOf({
      accounts: [
        account('a-label-that-goes-on-and-on-as-labels-sometimes-do-in-big-companies', FRESH, {
          userId: '@a.very.long.localpart.indeed:chat.department.university.example.org',
        }),
      ],
    }),
  },
  {
    name: 'accounts-copied',
    at: '',
    snapshot: snapshotOf({
      accounts: [account('alice', FRESH), account('alice-bot', HELD)],
      shell: { copied: { what: 'token for alice', clearsAt: NOW + 24 * SECOND } },
    }),
    answers: { 'account:copy': { ok: true, value: { untilAt: NOW + 4 * MINUTE } } },
    acts: [{ press: 'Copy token for alice' }],
  },
  ...(['linux', 'macos'] as const).map((platform) => ({
    name: `copied-stays-${platform}`,
    at: '',
    snapshot: snapshotOf({
      accounts: [account('alice', FRESH)],
      shell: { platform, copied: { what: 'token for alice', clearsAt: null } },
    }),
  })),
  { name: 'copy-menu', at: '', snapshot: ONE, acts: [{ press: 'Other formats for alice' }] },
  { name: 'account-menu', at: '', snapshot: ONE, acts: [{ press: 'More actions for alice' }] },
  {
    name: 'rename',
    at: '',
    snapshot: ONE,
    acts: [{ press: 'More actions for alice' }, { pick: 'Rename…' }],
  },
  {
    name: 'details',
    at: '',
    snapshot: ONE,
    acts: [{ press: 'More actions for alice' }, { pick: 'Details' }],
  },
  {
    name: 'check',
    at: '',
    snapshot: ONE,
    answers: {
      'account:check': {
        ok: true,
        value: [
          ['User', '@alice:example.org'],
          ['Device', 'KFBXQ3RNTA'],
          ['Scopes', 'urn:matrix:client:api:*\nurn:matrix:client:device:KFBXQ3RNTA'],
          ['Matrix versions', 'v1.11, v1.12, v1.13, v1.14, v1.15, v1.16, v1.17, v1.18'],
          ['Device sign-in', 'available'],
          ['Clock', 'in sync with the server'],
        ],
      },
    },
    acts: [{ press: 'More actions for alice' }, { pick: 'Check with the server' }],
  },
  {
    name: 'sign-out',
    at: '',
    snapshot: ONE,
    acts: [{ press: 'More actions for alice' }, { pick: 'Sign out…' }],
  },
  {
    name: 'signed-out',
    at: '',
    snapshot: ONE,
    answers: {
      'account:sign-out': {
        ok: true,
        value: { proof: 'Signed out. Verified: the server rejects the old token.', isOver: true },
      },
    },
    acts: [{ press: 'More actions for alice' }, { pick: 'Sign out…' }, { press: 'Sign out' }],
  },
  {
    name: 'forget',
    at: '',
    snapshot: snapshotOf({ accounts: [account('leaving', LEAVING)] }),
    answers: {
      'account:forget': {
        ok: true,
        value: {
          proof:
            'Forgotten here, but the server did not end the session. End it on the account page.',
          isOver: false,
        },
      },
    },
    acts: [{ press: 'More actions for leaving' }, { pick: 'Forget anyway…' }],
  },
  {
    name: 'refused',
    at: '',
    snapshot: ONE,
    answers: {
      'account:copy': {
        ok: false,
        failure: notice(
          'unreachable',
          "Can't reach auth.example.org: there is no network connection.",
          'Check the address and your network connection, then try again.',
        ),
      },
    },
    acts: [{ press: 'Copy token for alice' }],
  },
];
