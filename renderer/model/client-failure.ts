import type { NoticeSnapshot } from '../../common/snapshots.ts';
import { texts } from '../texts/en.ts';

const WIRE_NAMES = /\b(client_name|client_uri|logo_uri|tos_uri|policy_uri)\b/g;

/** A client metadata failure with the window's field labels instead of the wire names. */
export function withFieldLabels(failure: NoticeSnapshot): NoticeSnapshot {
  if (failure.code !== 'client-metadata-invalid') return failure;
  const labels: Readonly<Record<string, string>> = texts.form.clientFields;
  const message = failure.message.replace(WIRE_NAMES, (name) => `“${labels[name] ?? name}”`);
  return { ...failure, message };
}
