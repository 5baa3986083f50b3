import { expect, test } from 'vitest';
import { routeOf } from '../../../renderer/model/route.ts';

test('routeOf() reads the views that the tray can open, and nothing else', () => {
  expect(
    [
      '#add',
      '#settings',
      '#accounts',
      '#inspector',
      '#inspector/login-1',
      '#login/a1B2_c-3',
      '#login',
      '#settings/now',
      '#toString',
      '#login/<script>',
      '',
    ].map(routeOf),
  ).toEqual([
    { view: 'add' },
    { view: 'settings' },
    { view: 'accounts' },
    { view: 'inspector', loginId: null },
    { view: 'inspector', loginId: 'login-1' },
    { view: 'login', loginId: 'a1B2_c-3' },
    null,
    null,
    null,
    null,
    null,
  ]);
});
