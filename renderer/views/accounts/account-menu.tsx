import type { JSX } from 'preact';
import type { Reply } from '../../../preload/contract.ts';
import type { AccountSnapshot } from '../../../common/snapshots.ts';
import { MoreIcon } from '../../components/icons.tsx';
import { Menu, MenuItem } from '../../components/menu.tsx';
import { awaitReply, useApp } from '../../state.ts';
import { texts } from '../../texts/en.ts';
import type { PanelName } from './account-panels.tsx';

type AccountMenuProps = Readonly<{
  account: AccountSnapshot;
  onPanel: (panel: PanelName) => void;
}>;

const POLICIES = [
  ['keep-fresh', texts.accounts.keepFresh],
  ['on-demand', texts.accounts.onDemand],
] as const;

/** Every action for an account except copying. */
export function AccountMenu({ account, onPanel }: AccountMenuProps): JSX.Element {
  const state = useApp();
  const { keyfob } = state;
  const { id, label, policy, accountPage } = account;
  const isOut = account.state.kind === 'signed-out';
  const isLeaving = account.state.kind === 'signing-out';
  const act = (request: () => Promise<Reply>) => (): void => void awaitReply(state, request());
  return (
    <Menu name={texts.accounts.menu(label)} button={<MoreIcon />} buttonClass="icon-button">
      {!isOut && !isLeaving && (
        <>
          <MenuItem onPick={act(() => keyfob.refreshAccount(id))}>
            {texts.accounts.refresh}
          </MenuItem>
          <MenuItem onPick={() => onPanel('check')}>{texts.accounts.check}</MenuItem>
        </>
      )}
      {accountPage !== null && (
        <MenuItem onPick={act(() => keyfob.openAccountPage(id))}>
          {texts.accounts.openPage}
        </MenuItem>
      )}
      <MenuItem onPick={() => onPanel('details')}>{texts.accounts.details}</MenuItem>
      <MenuItem onPick={() => onPanel('rename')}>{texts.accounts.rename}</MenuItem>
      {!isOut && !isLeaving && (
        <div role="group" aria-label={texts.accounts.policy} class="menu-group">
          {POLICIES.map(([name, words]) => (
            <MenuItem
              key={name}
              checked={policy === name}
              onPick={act(() => keyfob.setPolicy(id, name))}
            >
              {words}
            </MenuItem>
          ))}
        </div>
      )}
      <div class="menu-group" role="presentation">
        <MenuItem onPick={() => onPanel(isLeaving ? 'forget' : 'sign-out')}>
          {isLeaving
            ? texts.accounts.forget
            : isOut
              ? texts.accounts.remove
              : texts.accounts.signOut}
        </MenuItem>
      </div>
    </Menu>
  );
}
