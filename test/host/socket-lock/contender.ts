/**
 * A process that acquires a socket lock on request. Built and started by `socket-lock.test.ts`: only a real
 * process leaves a real dead socket.
 */
import { acquireSocketLock } from '../../../main/host/socket-lock/socket-lock.ts';

process.on('message', (path) => {
  void acquireSocketLock(String(path)).then((result) => {
    process.send?.(result.ok ? 'owner' : result.failure.code);
  });
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
