import type { ElectronApplication } from '@playwright/test';
import { join } from 'node:path';

/** A small tray app that the stand-in's own specs run. */
export const sampleApp = join(import.meta.dirname, '../sample');

/** What the sample exposes to its page, loosely typed: specs check the values. */
export type SampleWindow = { api: Record<string, (...args: unknown[]) => unknown> };

/** All events that the sample has recorded, in order. */
export function eventsOf(electron: ElectronApplication): Promise<unknown[][]> {
  return electron.evaluate(() => {
    const { sample } = globalThis as unknown as { sample: { events: unknown[][] } }; // set by sample/main.js
    return sample.events;
  });
}
