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

test('PanelFocus: the click that took the focus closes the window, and the next one opens it', async () => {
  expect(await clicks('elsewhere', 'left', 120, 'elsewhere', 'elsewhere')).toEqual([
    'show',
    'hide',
    'show',
  ]);
});

test('PanelFocus: where a click leaves the focus alone, it closes the window as well', async () => {
  expect(await clicks('focused', 'elsewhere')).toEqual(['hide', 'show']);
});

test('PanelFocus: a window that was left a while ago is shown, also where it stayed open behind others', async () => {
  expect(await clicks('left', 500, 'elsewhere')).toEqual(['show']);
});
