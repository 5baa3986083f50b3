import type { Whoami } from './client-server.ts';
import type { LoginFailure } from '../../common/failure.ts';

/** What the person typed, and what was asked for; null: they did not say. */
export type ExpectedIdentity = Readonly<{
  userId: string | null;
  serverName: string | null;
  deviceId: string;
}>;

/** Worth saying although the sign-in worked. */
export type IdentityNotice = Extract<LoginFailure, { code: 'other-domain' | 'other-device' }>;

/** Whether it was the expected person who signed in. */
export type IdentityCheck = Readonly<
  | { kind: 'as-expected'; notices: readonly IdentityNotice[] }
  /** The person decides whether to keep the session. */
  | {
      kind: 'other-user';
      expected: string;
      actual: string;
      notices: readonly IdentityNotice[];
    }
>;

/**
 * Compares who signed in with what was typed. The grant cannot say who shall sign in, so somebody
 * else may have approved; whoami decides, and a person hears of every difference.
 *
 * Localparts are compared exactly, server names without regard to case, as DNS does.
 */
export function checkIdentity(whoami: Whoami, expected: ExpectedIdentity): IdentityCheck {
  const { userId, deviceId } = whoami;
  const notices: IdentityNotice[] = [];
  const domain = domainOf(userId);
  if (expected.serverName !== null && !sameName(domain, expected.serverName)) {
    notices.push({ code: 'other-domain', expected: expected.serverName, actual: domain });
  }
  if (deviceId !== null && deviceId !== expected.deviceId) {
    notices.push({ code: 'other-device', expected: expected.deviceId, actual: deviceId });
  }
  if (expected.userId === null || sameUser(userId, expected.userId)) {
    return { kind: 'as-expected', notices };
  }
  return { kind: 'other-user', expected: expected.userId, actual: userId, notices };
}

function sameUser(one: string, other: string): boolean {
  return localpartOf(one) === localpartOf(other) && sameName(domainOf(one), domainOf(other));
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The first colon ends the localpart; the server name may hold more of them. */
function domainOf(userId: string): string {
  return userId.slice(userId.indexOf(':') + 1);
}

function localpartOf(userId: string): string {
  return userId.slice(0, userId.indexOf(':'));
}
