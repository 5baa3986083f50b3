import type { LoginLine } from './login-line.ts';
import type { LoginView } from './login-run.ts';
import type { Io } from '../io.ts';

/** A sign-in for programs: one JSON object per step on stdout. Every question is answered with no. */
export function jsonView(io: Io): LoginView {
  let wait = '';
  const show = (line: LoginLine): void => {
    const told = fieldsOf(line);
    if (told === null) return;
    // One line per change, not one per poll.
    if (line.step === 'waiting' && line.state === wait) return;
    wait = line.step === 'waiting' ? line.state : '';
    io.out(`${JSON.stringify(told)}\n`);
  };
  return {
    show,
    confirm: () => Promise.resolve(false),
    again: () => Promise.resolve(false),
    close: () => undefined,
  };
}

/** The documented fields of a step; null for a step that `--json` leaves out. */
function fieldsOf(line: LoginLine): object | null {
  switch (line.step) {
    case 'discovered':
    case 'registered':
    case 'code':
    case 'failed':
      return line;
    case 'waiting':
      return { step: 'waiting', state: line.state };
    case 'signed_in': {
      const { step, label, user_id, device_id, homeserver } = line;
      return { step, label, user_id, device_id, homeserver };
    }
    default:
      return null;
  }
}
