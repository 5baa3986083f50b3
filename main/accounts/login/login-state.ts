import type { AuthServer } from '../../protocol/discovery/server-metadata.ts';
import type { ClientMetadata } from '../../protocol/oauth/client-metadata.ts';
import type { DeviceAuthorizationResponse } from '../../protocol/oauth/device-authorization.ts';
import type { Failure } from '../../../common/failure.ts';
import type { TypedServer } from '../../../common/server-input.ts';
import type { Account, MonotonicMs } from '../account.ts';
import type { PollProgress } from './poll-for-tokens.ts';

/** One run of the device grant, as far as it got. */
export type LoginState = Readonly<
  | { step: 'discovering' }
  | { step: 'registering'; server: AuthServer }
  | { step: 'requesting-code'; server: AuthServer; clientId: string }
  | {
      step: 'waiting';
      server: AuthServer;
      clientId: string;
      grant: DeviceAuthorizationResponse;
      deadline: MonotonicMs;
      progress: PollProgress;
    }
  | { step: 'verifying'; server: AuthServer; failure: Failure | null }
  | { step: 'confirming'; server: AuthServer; expected: string; actual: string }
  | { step: 'done'; account: Account; notices: readonly Failure[] }
  | { step: 'failed'; failure: Failure }
  | { step: 'cancelled' }
>;

/** What a login was asked for. `label` null: made from the user id once that is known. */
export type LoginPlan = Readonly<{
  typed: TypedServer;
  /** Who is meant to sign in; null: whoever approves. */
  userId: string | null;
  client: ClientMetadata;
  label: string | null;
  identity: Pick<Account, 'id' | 'label' | 'addedAt' | 'policy'>;
}>;
