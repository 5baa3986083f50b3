import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { localMoment } from '../../../common/account-text.ts';
import { unexpected } from '../../../common/result.ts';
import type { CheckFact } from '../../../preload/contract.ts';
import { Facts } from '../../components/facts.tsx';
import { Field } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { awaitReply, useApp } from '../../state.ts';
import { texts } from '../../texts/en.ts';
import { Forget, SignOut } from './end-panels.tsx';
import type { PanelProps } from './end-panels.tsx';

export type PanelName = 'rename' | 'check' | 'details' | 'sign-out' | 'forget';

/** The panel opened in an account's card. */
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
        <div class="actions">
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
      <div class="actions">
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
      <div class="actions">
        <button type="button" class="button" onClick={onClose}>
          {texts.close}
        </button>
      </div>
    </Panel>
  );
}
