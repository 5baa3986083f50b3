import type { JSX } from 'preact';
import type { LoginStateSnapshot } from '../../../common/snapshots.ts';
import { hostOf } from '../../../common/urls.ts';
import { STEPS, stepsOf } from '../../model/steps.ts';
import type { StepName, StepProgress } from '../../model/steps.ts';
import { CheckIcon, TurningIcon } from '../../components/icons.tsx';
import { texts } from '../../texts/en.ts';

/** The five steps and their progress, as a list. */
export function StepList({ state }: { state: LoginStateSnapshot }): JSX.Element {
  const progress = stepsOf(state) ?? [];
  return (
    <ol class="steps">
      {STEPS.map((name, index) => {
        const at = progress[index] ?? 'later';
        const detail = at === 'now' ? detailOf(name, state) : '';
        return (
          <li key={name} class={`step ${at}`} aria-current={at === 'now' ? 'step' : undefined}>
            <StepMark at={at} index={index} />
            <span>
              {texts.steps[name]}
              <span class="unseen">, {texts.stepState[at]}</span>
              {detail !== '' && <span class="faint">{detail}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** The steps in one line, while the code takes the space. */
export function StepStrip({ state }: { state: LoginStateSnapshot }): JSX.Element {
  const progress = stepsOf(state) ?? [];
  const at = progress.indexOf('now');
  const name = STEPS[at];
  return (
    <div class="strip">
      <ol class="strip-dots" aria-hidden="true">
        {STEPS.map((step, index) => (
          <li key={step} class={progress[index]} />
        ))}
      </ol>
      <span class="faint">{name !== undefined && texts.stepOf(at + 1, texts.steps[name])}</span>
    </div>
  );
}

function StepMark({ at, index }: { at: StepProgress; index: number }): JSX.Element {
  return (
    <span class="step-mark" aria-hidden="true">
      {at === 'done' ? <CheckIcon /> : at === 'now' ? <TurningIcon /> : index + 1}
    </span>
  );
}

function detailOf(name: StepName, state: LoginStateSnapshot): string {
  const { stepDetail } = texts;
  switch (name) {
    case 'discover':
      return stepDetail.discover;
    case 'register':
      return 'issuer' in state ? stepDetail.register(hostOf(state.issuer)) : '';
    case 'ask':
      return 'issuer' in state ? stepDetail.ask(hostOf(state.issuer)) : '';
    case 'use':
      return 'homeserver' in state ? stepDetail.use(hostOf(state.homeserver)) : '';
    default:
      return '';
  }
}
