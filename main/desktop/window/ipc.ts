import { ORIGIN } from './scheme.ts';

/** The part of an IPC event that is checked. `senderFrame` null: the page is gone or has navigated. */
export type IpcSender<Contents> = Readonly<{
  sender: Contents;
  senderFrame: Readonly<{ parent: object | null; url: string }> | null;
}>;

/** Whether a request comes from the main frame of `window` while it shows a page of ours. */
export function isOwnPage<Contents>(
  { sender, senderFrame }: IpcSender<Contents>,
  window: Contents,
): boolean {
  if (sender !== window || senderFrame?.parent !== null) return false;
  return senderFrame.url.startsWith(`${ORIGIN}/`);
}
