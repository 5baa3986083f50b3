import type { ServerResponse } from 'node:http';
import type { AppSnapshot } from '../../common/snapshots.ts';
import type { EngineApi } from '../engine/engine-api.ts';
import type { WireObject } from './wire.ts';

/** The lines for one client after a snapshot. `isLast`: the stream ends with them. */
export type Update = Readonly<{ lines: readonly WireObject[]; isLast: boolean }>;

/**
 * Streams one JSON object per line until either side ends the response: what `update` makes of the
 * current snapshot, and of each later one.
 *
 * A slow reader may skip intermediate snapshots but always gets the latest: while its connection is full,
 * only the newest snapshot is kept for it. `onGone` is called if the connection ends before the last line.
 */
export function streamSnapshots(
  response: ServerResponse,
  engine: Pick<EngineApi, 'subscribe'>,
  update: (snapshot: AppSnapshot) => Update,
  onGone: () => void,
): void {
  if (response.closed) {
    onGone(); // its `close` event has passed already
    return;
  }
  let isFull = false;
  let isOver = false;
  let pending: AppSnapshot | null = null;

  const write = (snapshot: AppSnapshot): void => {
    if (isOver) return;
    if (isFull) {
      pending = snapshot;
      return;
    }
    const { lines, isLast } = update(snapshot);
    for (const line of lines) isFull = !response.write(`${JSON.stringify(line)}\n`);
    if (isLast) {
      isOver = true;
      response.end();
    }
  };

  response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
  const unsubscribe = engine.subscribe(write);
  response.on('drain', () => {
    isFull = false;
    const next = pending;
    pending = null;
    if (next !== null) write(next);
  });
  response.on('close', () => {
    unsubscribe();
    if (!isOver) onGone();
    isOver = true;
  });
}
