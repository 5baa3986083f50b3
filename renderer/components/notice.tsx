import type { JSX } from 'preact';
import type { NoticeSnapshot } from '../../common/snapshots.ts';
import { texts } from '../texts/en.ts';
import { AlertIcon, CloseIcon } from './icons.tsx';
import { IconButton } from './page.tsx';

type NoticeProps = Readonly<{
  notice: Pick<NoticeSnapshot, 'message' | 'hint'>;
  tone?: 'warn' | 'bad';
  onDismiss?: () => void;
}>;

/** What happened, and what to do about it. */
export function Notice({ notice, tone = 'warn', onDismiss }: NoticeProps): JSX.Element {
  return (
    <div class={`notice ${tone}`}>
      <AlertIcon />
      <p>
        <strong>{notice.message}</strong> {notice.hint}
      </p>
      {onDismiss !== undefined && (
        <IconButton name={texts.dismiss} onPress={onDismiss}>
          <CloseIcon />
        </IconButton>
      )}
    </div>
  );
}
