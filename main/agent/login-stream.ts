import type { ServerResponse } from 'node:http';
import type { AppSnapshot, LoginSnapshot } from '../../common/snapshots.ts';
import { describeFailure } from '../../common/failure-text.ts';
import type { Log } from '../accounts/ports.ts';
import type { WireObject } from './wire.ts';
import { isOver, wireNotice } from './wire.ts';
import type { EngineApi } from '../engine/engine-api.ts';
import { loginLines, NOTHING_TOLD } from './login-lines.ts';
import type { Said } from './event-stream.ts';
import { streamSnapshots } from './event-stream.ts';

/**
 * Answers with the steps of a login that has just begun, one per line, until it is over. Whoever
 * started it and goes away does not want it any more: the end of the connection cancels it.
 */
export function streamLogin(
  response: ServerResponse,
  engine: EngineApi,
  started: LoginSnapshot,
  log: Log,
): void {
  let told = NOTHING_TOLD;
  let first: WireObject | null = { step: 'started', login: started.id };

  const say = (snapshot: AppSnapshot): Said => {
    const login = snapshot.logins.find(({ id }) => id === started.id);
    const opening = first === null ? [] : [first];
    first = null;
    // A login that is no longer listed was cancelled by somebody else: the window, another client.
    if (login === undefined || login.state.step === 'cancelled') {
      return { lines: [...opening, cancelledLine()], last: true };
    }
    const update = loginLines(told, login, snapshot.madeAt);
    told = update.told;
    return { lines: [...opening, ...update.lines], last: isOver(login) };
  };

  streamSnapshots(response, engine, say, () => {
    engine.cancelLogin(started.id).catch((error: unknown) => {
      log.bug('the login of a client that left could not be cancelled', error);
    });
  });
}

function cancelledLine(): WireObject {
  const error = wireNotice(describeFailure({ code: 'login-cancelled' }));
  return { step: 'failed', error: { ...error, retry_after_s: null } };
}
