import { describe, expect, test } from 'vitest';
import type { AccountAction } from '../../main/protocol/account-management.ts';
import { accountManagementUrl } from '../../main/protocol/account-management.ts';

const MAS = [
  'org.matrix.profile',
  'org.matrix.devices_list',
  'org.matrix.sessions_list',
  'org.matrix.device_view',
  'org.matrix.device_delete',
  'org.matrix.cross_signing_reset',
];

function page(
  accountManagementUri: string | null,
  accountManagementActions: readonly string[],
  action: AccountAction,
  deviceId?: string,
  homeserver = 'https://matrix.example.org',
): string | null {
  const server = { homeserver, accountManagementUri, accountManagementActions };
  return accountManagementUrl(server, action, deviceId)?.href ?? null;
}

const URI = 'https://auth.example.org/account/';

describe('accountPage()', () => {
  test.each<[AccountAction, string | undefined, string]>([
    ['profile', undefined, '?action=org.matrix.profile'],
    ['device-list', undefined, '?action=org.matrix.devices_list'],
    ['device-view', 'A/B C', '?action=org.matrix.device_view&device_id=A%2FB+C'],
    ['device-delete', 'ABC', '?action=org.matrix.device_delete&device_id=ABC'],
    ['cross-signing-reset', 'ABC', '?action=org.matrix.cross_signing_reset'],
    ['account-deactivate', undefined, ''],
    ['device-view', undefined, ''],
  ])('opens %s of %s at its place', (action, deviceId, query) => {
    expect(page(URI, MAS, action, deviceId)).toBe(URI + query);
  });

  test('uses the names of drafts where only those are offered', () => {
    expect(page(URI, ['org.matrix.session_end'], 'device-delete', 'A')).toBe(
      `${URI}?action=org.matrix.session_end&device_id=A`,
    );
    expect(page(URI, ['sessions_list'], 'device-list')).toBe(`${URI}?action=sessions_list`);
  });

  test("keeps the server's own query as it is", () => {
    expect(page('https://auth.example.org/a?x=1%20&y', MAS, 'profile')).toBe(
      'https://auth.example.org/a?x=1%20&y&action=org.matrix.profile',
    );
  });

  test.each([
    null,
    'http://auth.example.org/account',
    'javascript:alert(1)',
    'https://me@auth.example.org/',
    'http://127.0.0.1/account',
    'account',
  ])('has no page where the server names %s', (uri) => {
    expect(page(uri, MAS, 'profile')).toBeNull();
  });

  test('allows a page on this machine where the homeserver is on it', () => {
    const uri = 'http://127.0.0.1:8008/account';
    expect(page(uri, [], 'profile', undefined, 'http://localhost:8008')).toBe(uri);
  });
});
