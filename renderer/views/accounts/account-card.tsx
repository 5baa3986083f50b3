import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { canHandOut, localMoment, stateText } from '../../../common/account-text.ts';
import type { CopyFormat } from '../../../preload/contract.ts';
import type { AccountSnapshot } from '../../../common/snapshots.ts';
import { badgeOf, noticeOf } from '../../model/badge.ts';
import type { Badge } from '../../model/badge.ts';
import { Notice } from '../../components/notice.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import { awaitReply, showOutcome, useApp, useNow } from '../../state.ts';
import { texts } from '../../texts/en.ts';
import { AccountMenu } from './account-menu.tsx';
import { AccountPanel } from './account-panels.tsx';
import type { PanelName } from './account-panels.tsx';
import { CopyButton } from './copy-button.tsx';

/** One account: who it is, its state in words, copy, and a menu for everything else. */
export function AccountCard({ account }: { account: AccountSnapshot }): JSX.Element {
  const [panel, setPanel] = useState<PanelName | null>(null);
  const { label, userId, displayName, state } = account;
  const notice = noticeOf(state);
  const isOut = state.kind === 'signed-out';
  return (
    <article class={isOut ? 'card account out' : 'card account'} aria-label={label}>
      <div class="account-head">
        <StateBadge account={account} />
        <div class="grow">
          <h2 class="account-label">{label}</h2>
          <p class="faint break">{userId ?? displayName ?? account.homeserver}</p>
        </div>
        <AccountMenu account={account} onPanel={setPanel} />
      </div>
      <div class="account-foot">
        <StateWords account={account} />
        {isOut ? <SignInAgain account={account} /> : <Copying account={account} />}
      </div>
      {notice !== null && <Notice notice={notice} />}
      {panel !== null && (
        <AccountPanel name={panel} account={account} onClose={() => setPanel(null)} />
      )}
    </article>
  );
}

function StateBadge({ account: { state } }: { account: AccountSnapshot }): JSX.Element {
  // As one string: only a value that compares by value keeps the card from being drawn at every tick.
  const look = useNow((now) => joined(badgeOf(state, now)), [state]);
  const [tone, shape] = look.split(' ');
  return (
    <span class={`badge ${tone ?? ''}`}>
      <StateIcon shape={shape} />
    </span>
  );
}

function joined({ tone, shape }: Badge): string {
  return `${tone} ${shape}`;
}

function StateWords({ account: { state } }: { account: AccountSnapshot }): JSX.Element {
  const words = useNow((now) => stateText(state, now), [state]);
  return <p class="account-state steady">{words}</p>;
}

function Copying({ account }: { account: AccountSnapshot }): JSX.Element {
  const state = useApp();
  const copy = async (format: CopyFormat): Promise<void> => {
    const copied = await awaitReply(state, state.keyfob.copyAccount(account.id, format));
    if (copied === null) return;
    const { untilAt } = copied.value;
    if (untilAt === null) return;
    const until = localMoment(untilAt, state.now.peek());
    const message = texts.accounts.validUntil(until);
    showOutcome(state, { tone: 'good', message, hint: '', about: 'clipboard' });
  };
  return (
    <CopyButton
      label={account.label}
      disabled={!canHandOut(account.state)}
      onCopy={(format) => void copy(format)}
    />
  );
}

function SignInAgain({ account }: { account: AccountSnapshot }): JSX.Element {
  const state = useApp();
  const signIn = async (): Promise<void> => {
    const started = await awaitReply(state, state.keyfob.signIn(account.id));
    if (started !== null) state.route.value = { view: 'login', loginId: started.value.id };
  };
  return (
    <button type="button" class="button primary" onClick={() => void signIn()}>
      {texts.accounts.signIn}
      <span class="unseen"> {account.label}</span>
    </button>
  );
}
