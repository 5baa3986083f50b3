import type { Network } from '../protocol/http/network.ts';
import type { Clock, Log, Random, Vault } from './ports.ts';

/** The world as an account meets it: everything that is not its own decision. */
export type Surroundings = Readonly<{
  clock: Clock;
  random: Random;
  vault: Vault;
  network: Network;
  log: Log;
}>;
