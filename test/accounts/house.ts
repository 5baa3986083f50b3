import type { Account } from '../../main/accounts/account.ts';
import { toStored } from '../../main/accounts/account-storage.ts';
import { Accounts } from '../../main/accounts/accounts.ts';
import type { LiveAccount } from '../../main/accounts/live-account.ts';
import type { FakeClock } from '../fixtures/fake-clock.ts';
import type { MemoryVault } from '../fixtures/memory-vault.ts';
import type { Bench, Script } from './arrange.ts';
import { afterSending, bench } from './arrange.ts';

/** An account, and when a refresh was sent whose answer was not saved. */
export type Held = Readonly<{ account: Account; refreshSentAt?: number }>;

/** Accounts in a world. */
export type House = Bench & Readonly<{ accounts: Accounts }>;

/** Accounts as a new process finds them. */
export function house(script: Script, ...held: readonly Held[]): House {
  const room = bench(script);
  for (const one of held)
    room.vault.put(
      toStored(
        one.refreshSentAt === undefined
          ? one.account
          : afterSending(one.account, one.refreshSentAt),
      ),
    );
  return inhabited(room);
}

/** The same disk, and nothing else, as the next process finds it; absent `clock`: at time 0. */
export function restarted(vault: MemoryVault, script: Script, clock?: FakeClock): House {
  const room = bench(script, clock);
  for (const record of vault.records.values()) room.vault.put(record);
  return inhabited(room);
}

function inhabited(room: Bench): House {
  const accounts = new Accounts(room.world, () => undefined);
  accounts.load({ accounts: [...room.vault.records.values()], warnings: [] });
  return { ...room, accounts };
}

/** The one account of a house that has no other. */
export function only({ accounts }: House): LiveAccount {
  const [live] = accounts.all();
  if (live === undefined) throw new Error('No account');
  return live;
}
