import type { SessionServer } from './discovery/server-metadata.ts';
import { isLoopback, safeLink } from '../../common/urls.ts';

/** What the account management page can be opened for. */
export type AccountAction =
  | 'profile'
  | 'device-list'
  | 'device-view'
  | 'device-delete'
  | 'account-deactivate'
  | 'cross-signing-reset';

/** Wire names, the specification's first, then those of earlier drafts. */
const WIRE_NAMES: Readonly<Record<AccountAction, readonly string[]>> = {
  profile: ['org.matrix.profile', 'profile'],
  'device-list': ['org.matrix.devices_list', 'org.matrix.sessions_list', 'sessions_list'],
  'device-view': ['org.matrix.device_view', 'org.matrix.session_view', 'session_view'],
  'device-delete': ['org.matrix.device_delete', 'org.matrix.session_end', 'session_end'],
  'account-deactivate': ['org.matrix.account_deactivate'],
  'cross-signing-reset': ['org.matrix.cross_signing_reset'],
};

/**
 * URL of the account management page: for `action` if the server supports it, else of the page itself.
 * null: the server announces no page, or none that is safe to open.
 *
 * @param deviceId the device for `device-view` and `device-delete`; without it the page itself is opened.
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#oauth-20-account-management Matrix 1.18, account management}
 */
export function accountManagementUrl(
  server: Pick<SessionServer, 'homeserver' | 'accountManagementUri' | 'accountManagementActions'>,
  action: AccountAction,
  deviceId?: string,
): URL | null {
  const { homeserver, accountManagementUri, accountManagementActions } = server;
  if (accountManagementUri === null) return null;
  const page = safeLink(accountManagementUri, {
    loopback: isLoopback(new URL(homeserver).hostname),
  });
  const name = WIRE_NAMES[action].find((known) => accountManagementActions.includes(known));
  const aboutDevice = action === 'device-view' || action === 'device-delete';
  if (page === null || name === undefined || (aboutDevice && deviceId === undefined)) return page;
  const query = new URLSearchParams({ action: name });
  if (aboutDevice && deviceId !== undefined) query.set('device_id', deviceId);
  // Appended as text, so that the server's own query stays the same byte for byte.
  page.search = page.search === '' ? query.toString() : `${page.search}&${query.toString()}`;
  return page;
}
