import type { Account, AccountSettings } from './account.ts';
import { freeLabel } from './label.ts';

/** The settings of an account. */
export function settingsOf({ label, policy, addedAt }: Account): AccountSettings {
  return { label, policy, addedAt };
}

/**
 * The settings of a new session. It replaces a signed-out account with the requested label or, if no
 * label was requested, of the same user (`former`, to be removed), unless that is replaced already.
 */
export function settingsFor(
  own: Account,
  others: readonly Account[],
  label: string | null,
  userId: string,
): Readonly<{ settings: AccountSettings; former: Account | null }> {
  const { homeserver } = own.session.server;
  const former = others.find((account) => {
    if (account.state.kind !== 'signed-out' || isReplaced(account, others)) return false;
    if (label !== null) return account.label === label;
    const { session } = account;
    return session.userId === userId && session.server.homeserver === homeserver;
  });
  if (former !== undefined) return { settings: settingsOf(former), former };
  const taken = (name: string) => others.some((account) => account.label === name);
  const free = label === null || taken(label) ? freeLabel(userId, taken) : label;
  return { settings: { ...settingsOf(own), label: free }, former: null };
}

/** Whether this is a signed-out account that another one with the same label has replaced. */
export function isReplaced(account: Account, all: readonly Account[]): boolean {
  if (account.state.kind !== 'signed-out') return false;
  return all.some(({ state, label }) => state.kind !== 'signed-out' && label === account.label);
}
