import { MINUTE, SECOND } from '../../../common/time.ts';
import type { ExchangeSnapshot, WindowSnapshot } from '../../../preload/contract.ts';
import type {
  AccountSnapshot,
  AccountStateSnapshot,
  LoginSnapshot,
  LoginStateSnapshot,
  NoticeSnapshot,
} from '../../../common/snapshots.ts';

/** One view in one state. */
export type Scene = Readonly<{
  name: string;
  /** The URL fragment that opens the view; empty: the first view. */
  at: string;
  snapshot: WindowSnapshot;
  exchanges?: readonly ExchangeSnapshot[];
  /** Main's replies by channel, where it isn't plain success. */
  answers?: Readonly<Record<string, unknown>>;
  /** The actions before the view is displayed, in order. */
  acts?: readonly Act[];
}>;

/** A person's action: a control's name, and what is typed if it is a field. */
export type Act = Readonly<
  { press: string } | { pick: string } | { flip: string } | { field: string; type: string }
>;

/** The time of all snapshots: a Monday morning, 09:41 UTC. */
export const NOW = Date.UTC(2026, 10, 23, 9, 41);

/** A snapshot of an ordinary desktop, overridden by `part`. */
export function snapshotOf(
  part: Readonly<{
    accounts?: readonly AccountSnapshot[];
    logins?: readonly LoginSnapshot[];
    vault?: Partial<WindowSnapshot['app']['vault']>;
    settings?: Partial<WindowSnapshot['settings']>;
    shell?: Partial<WindowSnapshot['shell']>;
  }>,
): WindowSnapshot {
  return {
    app: {
      revision: 1,
      madeAt: NOW,
      vault: { protection: 'keychain', warnings: [], ...part.vault },
      accounts: part.accounts ?? [],
      logins: part.logins ?? [],
    },
    settings: {
      startAtLogin: true,
      startHidden: true,
      keepFresh: true,
      clipboardMs: 30 * SECOND,
      notifications: true,
      theme: 'system',
      ...part.settings,
    },
    shell: {
      version: '0.1.0',
      platform: 'linux',
      keyStorage: 'GNOME Keyring (libsecret)',
      tray: true,
      canStartAtLogin: true,
      socket: '/run/user/1000/keyfob/agent.sock',
      notices: [],
      outcomes: [],
      copied: null,
      ...part.shell,
    },
  };
}

/** An account with this name and state. */
export function account(
  label: string,
  state: AccountStateSnapshot,
  part: Partial<AccountSnapshot> = {},
): AccountSnapshot {
  return {
    id: `account-${label}`,
    label,
    userId: `@${label}:example.org`,
    displayName: null,
    deviceId: 'KFBXQ3RNTA',
    homeserver: 'https://matrix.example.org/',
    issuer: 'https://auth.example.org/',
    scope: [
      'urn:matrix:org.matrix.msc2967.client:api:*',
      'urn:matrix:org.matrix.msc2967.client:device:KFBXQ3RNTA',
    ],
    addedAt: NOW - 40 * 24 * 60 * MINUTE,
    policy: 'keep-fresh',
    accountPage: 'https://auth.example.org/account/?action=org.matrix.devices_list',
    state,
    ...part,
  };
}

/** The sign-in `login-1` in this state. */
export function login(state: LoginStateSnapshot, part: Partial<LoginSnapshot> = {}): LoginSnapshot {
  return { id: 'login-1', typed: 'example.org', label: null, state, ...part };
}

/** A notice with this code. */
export function notice(code: string, message: string, hint: string): NoticeSnapshot {
  return { code, message, hint };
}

/** The usual state of most accounts. */
export const FRESH: AccountStateSnapshot = {
  kind: 'active',
  expiresAt: NOW + 4 * MINUTE + 12 * SECOND,
  heldBy: [],
};
