import type { ExchangeSnapshot } from '../../preload/contract.ts';
import type { LoginStateSnapshot } from '../../common/snapshots.ts';

/** The five steps of a sign-in, in order. */
export const STEPS = ['discover', 'register', 'ask', 'wait', 'use'] as const;

export type StepName = (typeof STEPS)[number];

/** The progress of one of the five steps. */
export type StepProgress = 'done' | 'now' | 'later';

const REACHED: Readonly<Record<LoginStateSnapshot['step'], number | null>> = {
  discovering: 0,
  registering: 1,
  'requesting-code': 2,
  waiting: 3,
  verifying: 4,
  confirming: 4,
  done: 5,
  failed: null,
  cancelled: null,
};

/** The progress of each step; null: the login ended without an account. */
export function stepsOf(state: LoginStateSnapshot): readonly StepProgress[] | null {
  const reached = REACHED[state.step];
  if (reached === null) return null;
  return STEPS.map((_, index) => (index < reached ? 'done' : index === reached ? 'now' : 'later'));
}

const STEP_OF_EXCHANGE: Readonly<Record<string, StepName>> = {
  'well-known': 'discover',
  versions: 'discover',
  'auth-metadata': 'discover',
  'login-flows': 'discover',
  registration: 'register',
  'device-authorization': 'ask',
  token: 'wait',
};

/** Consecutive exchanges of the same login and step; everything after sign-in counts as `use`. */
export type ExchangeGroup = Readonly<{
  loginId: string | null;
  step: StepName;
  exchanges: readonly ExchangeSnapshot[];
}>;

/** The exchanges by start time, consecutive ones of the same step grouped. */
export function groupExchanges(exchanges: readonly ExchangeSnapshot[]): readonly ExchangeGroup[] {
  const groups: ExchangeGroup[] = [];
  for (const exchange of exchanges.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const { loginId } = exchange;
    const step = loginId === null ? 'use' : (STEP_OF_EXCHANGE[exchange.step] ?? 'use');
    const last = groups.at(-1);
    if (last?.loginId === loginId && last.step === step) {
      groups.splice(-1, 1, { ...last, exchanges: [...last.exchanges, exchange] });
    } else {
      groups.push({ loginId, step, exchanges: [exchange] });
    }
  }
  return groups;
}
