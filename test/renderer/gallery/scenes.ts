import { ACCOUNT_SCENES } from './account-scenes.ts';
import { INSPECTOR_SCENES } from './inspector-scenes.ts';
import { LOGIN_SCENES } from './login-scenes.ts';
import { OTHER_SCENES } from './other-scenes.ts';
import type { Scene } from './scene.ts';

/** Every view in every state. */
export const SCENES: readonly Scene[] = [
  ...OTHER_SCENES,
  ...ACCOUNT_SCENES,
  ...LOGIN_SCENES,
  ...INSPECTOR_SCENES,
];
