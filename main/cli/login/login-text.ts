import { durationText, SECOND } from '../../../common/time.ts';
import type { LineOf } from './login-line.ts';
import { shown } from '../terminal/shown.ts';

/** Said beside every code: a code that somebody else sent is how accounts are stolen. */
export const AGAINST_PHISHING =
  'The page must show this same code; you started this on this computer.';

/** The best link of a code: the one that holds the code already, where there is one. */
export function linkOf(line: LineOf<'code'>): string {
  return line.verification_uri_complete ?? line.verification_uri;
}

/** How the wait goes, in words. Moments in epoch milliseconds. */
export function waitText(state: string, expiresAt: number, nextAt: number, now: number): string {
  const left = `${durationText(expiresAt - now)} left`;
  const next =
    nextAt - now < SECOND ? 'asking now' : `asking again in ${durationText(nextAt - now)}`;
  return `${pollText(state)}, ${left}, ${next}`;
}

/** What the last question to the server brought, in words. */
export function pollText(state: string): string {
  switch (state) {
    case 'slowed-down':
      return 'Waiting for you, the server wants to be asked less often';
    case 'unreachable':
      return 'No answer from the server, the code stays valid';
    default:
      return 'Waiting for you';
  }
}

/** What to ask when somebody else signed in than was typed. */
export function confirmText({ expected, actual }: LineOf<'confirm'>): string {
  return `You typed ${shown(expected)}, but ${shown(actual)} signed in.`;
}

/** Who is signed in now. */
export function signedInText({ user_id, label, device_id }: LineOf<'signed_in'>): string {
  return `Signed in as ${shown(user_id)} (label ${shown(label)}, device ${shown(device_id)})`;
}
