import type { NoticeSnapshot } from '../../common/snapshots.ts';
import { unexpected } from '../../common/result.ts';
import type { VaultWarning } from '../accounts/ports.ts';

/** A warning about the vault in words. */
export function describeWarning(warning: VaultWarning): NoticeSnapshot {
  switch (warning.code) {
    case 'not-protected':
      return {
        code: warning.code,
        message: 'The sessions on this computer are not protected by a passphrase.',
        hint: 'Any program that runs as you can read them. Start the agent with a passphrase to protect them.',
      };
    case 'record-missing':
      return {
        code: warning.code,
        message: `The record ${warning.path} was gone, and the copy before it is in use.`,
        hint: 'If the account does not refresh, sign in to it again.',
      };
    case 'record-set-aside':
      return {
        code: warning.code,
        message: warning.usedOlderCopy
          ? `A damaged record was set aside as ${warning.path}, and the copy before it is in use.`
          : `A damaged record was set aside as ${warning.path}, and no good copy was left.`,
        hint: warning.usedOlderCopy
          ? 'If the account does not refresh, sign in to it again.'
          : 'Sign in to the account again. Keep the file if you want to find out what happened.',
      };
    default:
      return unexpected(warning);
  }
}
