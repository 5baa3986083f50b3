/** Messages from the isolated world to the host, as JSON over a binding that only this world has. */
export type FromPage =
  | Readonly<{ type: 'send'; channel: string; args: string }>
  | Readonly<{ type: 'invoke'; id: number; channel: string; args: string }>
  | Readonly<{ type: 'preload-error'; message: string; stack: string }>
  | Readonly<{ type: 'open' } & OpenRequest>
  | Readonly<{ type: 'leave'; url: string }>;

/** Messages from the host to the isolated world. Packed values come from `codec/pack.ts`. */
export type ToPage =
  | Readonly<{ type: 'event'; channel: string; args: string }>
  | Readonly<{ type: 'result'; id: number; value: string }>
  | Readonly<{ type: 'error'; id: number; message: string }>;

/** A request for a new window, with the fields of `setWindowOpenHandler`. */
export type OpenRequest = Readonly<{
  url: string;
  frameName: string;
  features: string;
  disposition: 'foreground-tab' | 'background-tab' | 'new-window';
}>;

/** The values of the preload's `process`. */
export type ProcessFacts = Readonly<{
  type: 'renderer';
  platform: string;
  arch: string;
  version: string;
  versions: Readonly<Record<string, string | undefined>>;
  env: Readonly<Record<string, string | undefined>>;
  argv: readonly string[];
  execPath: string;
  pid: number;
  sandboxed: true;
  contextIsolated: true;
  isMainFrame: true;
}>;

/** Names shared by the host and the isolated world. The page's own world can see neither. */
export const bindingName = '__standinTell';
export const receiverName = '__standinReceive';
