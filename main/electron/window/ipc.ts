import type { WebContents } from 'electron';
import { ipcMain } from 'electron';
import type { Requests } from '../../../preload/contract.ts';
import { isOwnPage } from '../../desktop/window/ipc.ts';
import { answerRequest } from '../../desktop/routes.ts';
import type { Routes } from '../../desktop/routes.ts';

/** Answers the contract's requests, only for the main frame of `window` and only while it shows our page. */
export function serveRequests(routes: Routes, window: WebContents): () => void {
  const channels = Object.keys(routes) as (keyof Requests)[]; // the type of Routes has exactly these
  for (const channel of channels) serveOne(channel, routes[channel], window);
  return () => channels.forEach((channel) => ipcMain.removeHandler(channel));
}

function serveOne<C extends keyof Requests>(
  channel: C,
  route: Routes[C],
  window: WebContents,
): void {
  ipcMain.handle(channel, (event, ...args: unknown[]) => {
    if (!isOwnPage(event, window)) throw new Error(`${channel}: unknown sender`);
    return answerRequest(channel, route, args);
  });
}
