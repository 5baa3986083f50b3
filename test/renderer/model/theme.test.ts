import { expect, test } from 'vitest';
import { themeAttribute } from '../../../renderer/model/theme.ts';

test('themeAttribute() leaves the choice to the system unless the person chose', () => {
  expect((['system', 'light', 'dark'] as const).map(themeAttribute)).toEqual([
    null,
    'light',
    'dark',
  ]);
});
