import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { AccountSnapshot } from '../../../common/snapshots.ts';
import type { Bridge } from '../../bridge.ts';
import { Notice } from '../../components/notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { awaitReply, showOutcome, useApp } from '../../state.ts';
import { texts } from '../../texts/en.ts';

export type PanelProps = Readonly<{ account: AccountSnapshot; onClose: () => void }>;

/** Confirms a sign-out, or removes an account that is signed out already. */
export function SignOut({ account, onClose }: PanelProps): JSX.Element {
  const { keyfob } = useApp();
  const isOut = account.state.kind === 'signed-out';
  const words = texts.signOut;
  return (
    <ConfirmPanel
      title={isOut ? words.removeTitle(account.label) : words.title(account.label)}
      act={isOut ? words.remove : words.doIt}
      working={words.working}
      request={() => keyfob.signOut(account.id)}
      onClose={onClose}
    >
      <p>{isOut ? words.removeHelp : words.help}</p>
    </ConfirmPanel>
  );
}

/** Confirms forgetting an account whose sign-out can't be verified, and says what may be left behind. */
export function Forget({ account, onClose }: PanelProps): JSX.Element {
  const { keyfob } = useApp();
  const { state, accountPage } = account;
  const words = texts.forget;
  const isRevoked = state.kind === 'signing-out' && state.revoked;
  const notice = isRevoked
    ? { message: words.noProof, hint: words.confirmed }
    : { message: words.mayLive, hint: accountPage === null ? words.askThem : words.endIt };
  return (
    <ConfirmPanel
      title={words.title(account.label)}
      act={words.doIt}
      working={words.working}
      request={() => keyfob.forgetAccount(account.id)}
      onClose={onClose}
    >
      <Notice notice={notice} />
    </ConfirmPanel>
  );
}

type ConfirmPanelProps = Readonly<{
  title: string;
  act: string;
  /** The button's label while the request is running. */
  working: string;
  request: () => ReturnType<Bridge['signOut']>;
  onClose: () => void;
  children: ComponentChildren;
}>;

/** Asks before a session ends, and shows afterwards whether the end is verified. */
function ConfirmPanel({
  title,
  act,
  working,
  request,
  onClose,
  children,
}: ConfirmPanelProps): JSX.Element {
  const state = useApp();
  const [isBusy, setBusy] = useState(false);
  const end = async (): Promise<void> => {
    setBusy(true);
    const done = await awaitReply(state, request());
    if (done !== null) {
      const { isOver, proof } = done.value;
      showOutcome(state, { tone: isOver ? 'good' : 'warn', message: proof, hint: '' });
    }
    onClose();
  };
  return (
    <Panel title={title} onClose={onClose}>
      {children}
      <div class="actions">
        <button type="button" class="button" onClick={onClose}>
          {texts.cancel}
        </button>
        <button type="button" class="button danger" disabled={isBusy} onClick={() => void end()}>
          {isBusy ? working : act}
        </button>
      </div>
    </Panel>
  );
}
