import type { AuthServer } from '../../protocol/discovery/server-metadata.ts';
import type { ClientMetadata } from '../../protocol/oauth/client-metadata.ts';
import type { DeviceAuthorizationResponse } from '../../protocol/oauth/device-authorization.ts';
import type { Failure } from '../../../common/failure.ts';
import type { TypedServer } from '../../../common/server-input.ts';
import type { Account, MonotonicMs } from '../account.ts';
import type { PollProgress } from './poll-for-tokens.ts';

/** The state of one device authorization. */
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

/** A validated login request. `label` null: derived from the user ID once that is known. */
export type LoginPlan = Readonly<{
  typed: TypedServer;
  /** The expected user; null: anyone. */
  userId: string | null;
  client: ClientMetadata;
  label: string | null;
  identity: Pick<Account, 'id' | 'label' | 'addedAt' | 'policy'>;
}>;
