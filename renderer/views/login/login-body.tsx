import type { JSX } from 'preact';
import { unexpected } from '../../../common/result.ts';
import type { LoginSnapshot } from '../../../common/snapshots.ts';
import { Notice } from '../../components/notice.tsx';
import { Cancelled, Confirming, Done, Failed } from './login-end.tsx';
import { StepList, StepStrip } from './login-steps.tsx';
import { Waiting } from './login-waiting.tsx';

/** The content of a sign-in's current step. */
export function LoginBody({ login }: { login: LoginSnapshot }): JSX.Element {
  const { state } = login;
  switch (state.step) {
    case 'discovering':
    case 'registering':
    case 'requesting-code':
      return <StepList state={state} />;
    case 'waiting':
      return (
        <>
          <StepStrip state={state} />
          <Waiting loginId={login.id} state={state} />
        </>
      );
    case 'verifying':
      return (
        <>
          <StepList state={state} />
          {state.notice !== null && <Notice notice={state.notice} />}
        </>
      );
    case 'confirming':
      return <Confirming loginId={login.id} state={state} />;
    case 'done':
      return <Done state={state} />;
    case 'failed':
      return <Failed login={login} failure={state.failure} />;
    case 'cancelled':
      return <Cancelled login={login} />;
    default:
      return unexpected(state);
  }
}
