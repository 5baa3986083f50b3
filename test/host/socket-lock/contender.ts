/**
 * A process that claims a socket when it is told to. Built and started by `owner.test.ts`: only a real
 * process leaves a real dead socket.
 */
import { acquireSocketLock } from '../../../main/host/socket-lock/owner.ts';

process.on('message', (path) => {
  void acquireSocketLock(String(path)).then((outcome) => {
    process.send?.(outcome.ok ? 'owner' : outcome.failure.code);
  });
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
