import { ORIGIN } from './scheme.ts';

/** Who asks, as far as that is looked at. `senderFrame` null: its page is gone, or has gone elsewhere. */
export type IpcSender<Contents> = Readonly<{
  sender: Contents;
  senderFrame: Readonly<{ parent: object | null; url: string }> | null;
}>;

/** Whether a request comes from the main frame of `window`, and from a page of ours in it. */
export function isOwnPage<Contents>(
  { sender, senderFrame }: IpcSender<Contents>,
  window: Contents,
): boolean {
  if (sender !== window || senderFrame?.parent !== null) return false;
  return senderFrame.url.startsWith(`${ORIGIN}/`);
}
