import { durationText, SECOND } from '../../../common/time.ts';
import type { LineOf } from './login-line.ts';
import { shown } from '../terminal/shown.ts';

/** Shown next to every code. Accounts are stolen by getting people to approve an attacker's code. */
export const AGAINST_PHISHING =
  'Check that the page shows this code. Approve only a sign-in you started yourself.';

/** The verification link: the one that contains the code, where there is one. */
export function linkOf(line: LineOf<'code'>): string {
  return line.verification_uri_complete ?? line.verification_uri;
}

/** The state of the wait, with its countdown. Times in epoch milliseconds. */
export function waitText(state: string, expiresAt: number, nextAt: number, now: number): string {
  const next =
    nextAt - now < SECOND ? 'checking now' : `next check in ${durationText(nextAt - now)}`;
  // The countdown comes first, as a narrow terminal cuts off the end.
  return `${durationText(expiresAt - now)} left. ${pollText(state)}; ${next}`;
}

/** The result of the last poll. */
export function pollText(state: string): string {
  switch (state) {
    case 'slowed-down':
      return 'Waiting for your approval; the server asked for fewer requests';
    case 'unreachable':
      return "Can't reach the server; the code is still valid";
    default:
      return 'Waiting for your approval';
  }
}

/** Said when another user signed in than was entered. */
export function confirmText({ expected, actual }: LineOf<'confirm'>): string {
  return `You entered ${shown(expected)}, but ${shown(actual)} signed in.`;
}

/** Who signed in. */
export function signedInText({ user_id, label, device_id }: LineOf<'signed_in'>): string {
  return `Signed in as ${shown(user_id)} (label ${shown(label)}, device ${shown(device_id)})`;
}
