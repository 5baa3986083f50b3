import type { ServerResponse } from 'node:http';
import type { AppSnapshot } from '../../common/snapshots.ts';
import type { WireObject } from './wire.ts';
import type { EngineApi } from '../engine/engine-api.ts';

/** What a snapshot says to one listener. `last`: there is nothing to say after this. */
export type Said = Readonly<{ lines: readonly WireObject[]; last: boolean }>;

/**
 * Answers with one JSON object per line, for as long as both sides want: what `say` makes of the
 * picture now, and of each later one.
 *
 * A listener that reads slowly misses pictures, never the newest one: while its connection is full,
 * one snapshot waits for it and nothing else. `onGone` is called when the connection ended before the
 * last line.
 */
export function streamSnapshots(
  response: ServerResponse,
  engine: Pick<EngineApi, 'subscribe'>,
  say: (snapshot: AppSnapshot) => Said,
  onGone: () => void,
): void {
  let full = false;
  let over = false;
  let waiting: AppSnapshot | null = null;

  const tell = (snapshot: AppSnapshot): void => {
    if (over) return;
    if (full) {
      waiting = snapshot;
      return;
    }
    const { lines, last } = say(snapshot);
    for (const line of lines) full = !response.write(`${JSON.stringify(line)}\n`);
    if (last) {
      over = true;
      response.end();
    }
  };

  if (response.closed) {
    onGone(); // its `close` came before anybody listened to it
    return;
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
  const unsubscribe = engine.subscribe(tell);
  response.on('drain', () => {
    full = false;
    const next = waiting;
    waiting = null;
    if (next !== null) tell(next);
  });
  response.on('close', () => {
    unsubscribe();
    if (!over) onGone();
    over = true;
  });
}
