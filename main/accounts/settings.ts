import type { Account, AccountSettings } from './account.ts';
import { freeLabel } from './label.ts';

/** What a person gave an account. */
export function settingsOf({ label, policy, addedAt }: Account): AccountSettings {
  return { label, policy, addedAt };
}

/**
 * The place of a new session among the accounts. A signed-out account with the label asked for, or
 * of the same user where none was asked for, gives its place to it (`former`, to be removed), unless
 * another one has taken that meanwhile.
 */
export function settingsFor(
  own: Account,
  others: readonly Account[],
  label: string | null,
  userId: string,
): Readonly<{ place: AccountSettings; former: Account | null }> {
  const { homeserver } = own.session.server;
  const former = others.find((account) => {
    if (account.state.kind !== 'signed-out' || isReplaced(account, others)) return false;
    if (label !== null) return account.label === label;
    const { session } = account;
    return session.userId === userId && session.server.homeserver === homeserver;
  });
  if (former !== undefined) return { place: settingsOf(former), former };
  const taken = (name: string) => others.some((account) => account.label === name);
  const free = label === null || taken(label) ? freeLabel(userId, taken) : label;
  return { place: { ...settingsOf(own), label: free }, former: null };
}

/** Whether this is a signed-out account whose place another one has taken, so that it may go. */
export function isReplaced(account: Account, all: readonly Account[]): boolean {
  if (account.state.kind !== 'signed-out') return false;
  return all.some(({ state, label }) => state.kind !== 'signed-out' && label === account.label);
}
