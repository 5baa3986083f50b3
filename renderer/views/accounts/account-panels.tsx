import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { localMoment } from '../../../common/account-text.ts';
import { unexpected } from '../../../common/result.ts';
import type { CheckFact } from '../../../preload/contract.ts';
import type { AccountSnapshot } from '../../../common/snapshots.ts';
import type { Bridge } from '../../bridge.ts';
import { Facts } from '../../components/facts.tsx';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { awaitReply, showOutcome, useApp } from '../../state.ts';
import { texts } from '../../texts/en.ts';

export type PanelName = 'rename' | 'check' | 'details' | 'sign-out' | 'forget';

type PanelProps = Readonly<{ account: AccountSnapshot; onClose: () => void }>;

/** What unfolds below an account. */
export function AccountPanel({ name, ...props }: PanelProps & { name: PanelName }): JSX.Element {
  switch (name) {
    case 'rename':
      return <Rename {...props} />;
    case 'check':
      return <Check {...props} />;
    case 'details':
      return <Details {...props} />;
    case 'sign-out':
      return <SignOut {...props} />;
    case 'forget':
      return <Forget {...props} />;
    default:
      return unexpected(name);
  }
}

function Rename({ account, onClose }: PanelProps): JSX.Element {
  const state = useApp();
  const [label, setLabel] = useState(account.label);
  const rename = async (): Promise<void> => {
    const renamed = await awaitReply(state, state.keyfob.renameAccount(account.id, label));
    if (renamed !== null) onClose();
  };
  return (
    <Panel title={texts.rename.title(account.label)} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void rename();
        }}
      >
        <Field label={texts.rename.field} value={label} onValue={setLabel} first />
        <div class="acts">
          <button type="button" class="button" onClick={onClose}>
            {texts.cancel}
          </button>
          <button type="submit" class="button primary">
            {texts.save}
          </button>
        </div>
      </form>
    </Panel>
  );
}

function Check({ account, onClose }: PanelProps): JSX.Element {
  const state = useApp();
  const [facts, setFacts] = useState<readonly CheckFact[] | null>(null);
  useEffect(() => {
    void awaitReply(state, state.keyfob.checkAccount(account.id)).then((answer) => {
      if (answer === null) onClose();
      else setFacts(answer.value);
    });
  }, []);
  return (
    <Panel title={texts.accounts.checked(account.label)} onClose={onClose}>
      <div role="status">
        {facts === null ? <p class="faint">{texts.accounts.checking}</p> : <Facts facts={facts} />}
      </div>
      <div class="acts">
        <button type="button" class="button" onClick={onClose}>
          {texts.close}
        </button>
      </div>
    </Panel>
  );
}

function Details({ account, onClose }: PanelProps): JSX.Element {
  const { now } = useApp();
  const { details } = texts;
  const facts = [
    [details.user, account.userId ?? details.unknown],
    [details.name, account.displayName ?? details.unknown],
    [details.device, account.deviceId],
    [details.homeserver, account.homeserver],
    [details.issuer, account.issuer],
    [details.page, account.accountPage ?? details.noPage],
    [details.scope, account.scope.join('\n')],
    [details.added, localMoment(account.addedAt, now.peek())],
  ] as const;
  return (
    <Panel title={details.title(account.label)} onClose={onClose}>
      <Facts facts={facts} />
      <div class="acts">
        <button type="button" class="button" onClick={onClose}>
          {texts.close}
        </button>
      </div>
    </Panel>
  );
}

function SignOut({ account, onClose }: PanelProps): JSX.Element {
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

/** For a server that is gone for good: the account goes, and the person knows what may be left. */
function Forget({ account, onClose }: PanelProps): JSX.Element {
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
  /** What the button says while it works. */
  working: string;
  request: () => ReturnType<Bridge['signOut']>;
  onClose: () => void;
  children: ComponentChildren;
}>;

/** Asks once more before a session ends, and says what is proven of its end. */
function ConfirmPanel({
  title,
  act,
  working,
  request,
  onClose,
  children,
}: ConfirmPanelProps): JSX.Element {
  const state = useApp();
  const [works, setWorks] = useState(false);
  const end = async (): Promise<void> => {
    setWorks(true);
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
      <div class="acts">
        <button type="button" class="button" onClick={onClose}>
          {texts.cancel}
        </button>
        <button type="button" class="button danger" disabled={works} onClick={() => void end()}>
          {works ? working : act}
        </button>
      </div>
    </Panel>
  );
}
