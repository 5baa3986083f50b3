import type { JSX } from 'preact';
import type { WindowSnapshot } from '../../preload/contract.ts';
import { Notice } from '../components/notice.tsx';
import { awaitReply, useApp } from '../state.ts';
import { texts } from '../texts/en.ts';

/** Notices about the vault and the desktop. */
export function Notices({ snapshot }: { snapshot: WindowSnapshot }): JSX.Element | null {
  const state = useApp();
  const { warnings } = snapshot.app.vault;
  const { notices } = snapshot.shell;
  if (warnings.length + notices.length === 0) return null;
  return (
    <section class="stack" aria-label={texts.notices}>
      {warnings.map((notice) => (
        <Notice key={notice.message} notice={notice} />
      ))}
      {notices.map((notice) => (
        <Notice
          key={notice.code}
          notice={notice}
          onDismiss={() => void awaitReply(state, state.keyfob.dismissNotice(notice.code))}
        />
      ))}
    </section>
  );
}
