import type { LineOf, LoginLine } from './login-line.ts';

/** How a login is shown, and how the person answers: on a screen, in lines, or as JSON. */
export interface LoginView {
  /** Shows a step that was reached. */
  show(line: LoginLine): void;
  /** Asks whether to keep a session that belongs to somebody else than was typed. */
  confirm(line: LineOf<'confirm'>): Promise<boolean>;
  /** Asks whether to get a new code after the old one expired. */
  again(): Promise<boolean>;
  /** Leaves the terminal as it was found. */
  close(): void;
}
