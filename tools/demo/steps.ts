import type { LoginLine } from '../../main/cli/login/login-line.ts';
import type { TestHomeserver } from '../homeserver/homeserver.ts';

/** What the demo reports, step by step. The lines of the login are the agent's own. */
export type DemoStep =
  | Readonly<{ step: 'homeserver'; url: string; personality: TestHomeserver['personality'] | null }>
  | Readonly<{ step: 'agent'; socket: string; protection: string }>
  | Readonly<{ step: 'asking'; server: string }>
  | Exclude<LoginLine, { step: 'failed' }>
  | Readonly<{ step: 'approved'; by: string }>
  | Readonly<{ step: 'token'; account: string; expires_in_s: number | null; works_for: string }>
  | Readonly<{ step: 'refreshed'; expires_in_s: number | null; old_token: 'refused' | 'accepted' }>
  | Readonly<{ step: 'signed_out'; proof: string }>
  | Readonly<{ step: 'done'; ok: true; took_s: number }>
  | Readonly<{ step: 'failed'; ok: false; error: DemoError }>;

/** Why the demo failed. */
export type DemoError = Readonly<{ code: string; message: string; hint: string }>;

/** Prints the steps, as text or as JSON. */
export interface DemoView {
  show(step: DemoStep): void;
  close(): void;
}

/** Ends the demo with an error. */
export class DemoFailed extends Error {
  readonly error: DemoError;

  constructor(error: DemoError) {
    super(error.message);
    this.error = error;
  }
}
