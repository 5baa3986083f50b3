import { describeFailure } from '../../common/failure-text.ts';
import { parseServerInput } from '../../common/server-input.ts';
import { texts } from '../texts/en.ts';

/** The text below the server field while the person types. */
export type ServerHint = Readonly<{
  kind: 'empty' | 'understood' | 'not-understood';
  text: string;
  /** A better value, offered as a button; null: none. */
  suggestion: string | null;
}>;

/** How `typed` is understood, by the same parser that the sign-in uses. */
export function serverHint(typed: string): ServerHint {
  const read = parseServerInput(typed);
  if (read.ok) {
    const { userId, serverName, baseUrl } = read.value;
    return { kind: 'understood', text: understood(userId, serverName, baseUrl), suggestion: null };
  }
  const { failure } = read;
  if (failure.code === 'not-a-server' && failure.why === 'empty') {
    return { kind: 'empty', text: texts.form.serverHelp, suggestion: null };
  }
  const { message, hint } = describeFailure(failure);
  const suggestion = failure.code === 'looks-like-email' ? failure.suggestion : null;
  return { kind: 'not-understood', text: `${message} ${hint}`, suggestion };
}

function understood(userId: string | null, serverName: string | null, baseUrl: URL): string {
  if (userId !== null && serverName !== null) return texts.form.asUser(userId, serverName);
  return serverName === null ? texts.form.asAddress(baseUrl.host) : texts.form.asServer(serverName);
}
