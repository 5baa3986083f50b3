import type { NoticeSnapshot } from '../../common/snapshots.ts';
import { unexpected } from '../../common/result.ts';
import type { VaultWarning } from '../accounts/ports.ts';

/** The texts of a warning about the vault. */
export function describeWarning(warning: VaultWarning): NoticeSnapshot {
  switch (warning.code) {
    case 'not-protected':
      return {
        code: warning.code,
        message: 'Your sessions are stored on this computer without protection.',
        hint: 'Any program that runs as you can read them. Start the agent with a passphrase to protect them.',
      };
    case 'record-missing':
      return {
        code: warning.code,
        message: `The record ${warning.path} was missing. Keyfob uses the previous copy.`,
        hint: "If the account doesn't refresh, sign in to it again.",
      };
    case 'record-set-aside':
      return {
        code: warning.code,
        message: warning.usedOlderCopy
          ? `A record was damaged and has been moved to ${warning.path}. Keyfob uses the previous copy.`
          : `A record was damaged and has been moved to ${warning.path}. There is no good copy of it.`,
        hint: warning.usedOlderCopy
          ? "If the account doesn't refresh, sign in to it again."
          : 'Sign in to the account again. Keep the file if you want to investigate.',
      };
    default:
      return unexpected(warning);
  }
}
