import { expect, test } from 'vitest';
import { PanelFocus } from '../../../main/desktop/window/panel-focus.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';

async function clicks(...steps: readonly ('left' | 'focused' | 'elsewhere' | number)[]) {
  const clock = new FakeClock();
  const focus = new PanelFocus(clock);
  const asked: string[] = [];
  for (const step of steps) {
    if (typeof step === 'number') await clock.advance(step);
    else if (step === 'left') focus.left();
    else asked.push(focus.onTrayClick(step === 'focused'));
  }
  return asked;
}

test('PanelFocus hides the window on the click that took its focus, and shows it on the next', async () => {
  expect(await clicks('elsewhere', 'left', 120, 'elsewhere', 'elsewhere')).toEqual([
    'show',
    'hide',
    'show',
  ]);
});

test('PanelFocus hides a window that kept the focus during the click', async () => {
  expect(await clicks('focused', 'elsewhere')).toEqual(['hide', 'show']);
});

test('PanelFocus shows a window that lost the focus a while ago, even if it stayed open', async () => {
  expect(await clicks('left', 500, 'elsewhere')).toEqual(['show']);
});
