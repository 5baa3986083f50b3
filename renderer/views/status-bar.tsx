import type { JSX } from 'preact';
import { durationText } from '../../common/time.ts';
import type { ShellSnapshot, WindowSnapshot } from '../../preload/contract.ts';
import { CheckIcon, CloseIcon, AlertIcon, CopyIcon } from '../components/icons.tsx';
import { IconButton } from '../components/page.tsx';
import type { Outcome } from '../state.ts';
import { awaitReply, useApp, useNow } from '../state.ts';
import { texts } from '../texts/en.ts';

/** The status bar: outcomes of actions in the window and the menu, and what Keyfob copied to the clipboard. */
export function StatusBar({ snapshot }: { snapshot: WindowSnapshot }): JSX.Element | null {
  const state = useApp();
  const said = state.outcome.value;
  const { copied, outcomes, platform } = snapshot.shell;
  if (said === null && copied === null && outcomes.length === 0) return null;
  return (
    <footer class="status-bar">
      {outcomes.map((outcome) => (
        <OutcomeLine
          key={outcome.code}
          said={outcome}
          onDismiss={() => void awaitReply(state, state.keyfob.dismissNotice(outcome.code))}
        />
      ))}
      {said !== null && <OutcomeLine said={said} onDismiss={() => (state.outcome.value = null)} />}
      {copied !== null && <Copied {...copied} platform={platform} />}
    </footer>
  );
}

function OutcomeLine({ said, onDismiss }: { said: Outcome; onDismiss: () => void }): JSX.Element {
  return (
    <div class={`status-line ${said.tone}`}>
      {said.tone === 'good' ? <CheckIcon /> : <AlertIcon />}
      <p>
        {said.message} {said.hint}
      </p>
      <IconButton name={texts.dismiss} onPress={onDismiss}>
        <CloseIcon />
      </IconButton>
    </div>
  );
}

type CopiedProps = Readonly<{ platform: ShellSnapshot['platform'] }> &
  NonNullable<ShellSnapshot['copied']>;

function Copied({ what, clearsAt, platform }: CopiedProps): JSX.Element {
  const until = useNow(
    (now) =>
      clearsAt === null
        ? texts.copied.stays[platform]
        : texts.copied.clearsIn(durationText(Math.max(0, clearsAt - now))),
    [clearsAt, platform],
  );
  return (
    <div class="status-line">
      <CopyIcon />
      <p>
        {texts.copied.onClipboard(what)}, <span class="steady">{until}</span>
      </p>
    </div>
  );
}
