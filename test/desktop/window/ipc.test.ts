import { expect, test } from 'vitest';
import { isOwnPage } from '../../../main/desktop/window/ipc.ts';

const window = { id: 1 };
const top = { parent: null, url: 'app://keyfob/index.html#settings' };

test('isOwnPage() accepts only the main frame of the window while it shows our page', () => {
  expect(isOwnPage({ sender: window, senderFrame: top }, window)).toBe(true);
});

test.each([
  ['another window', { sender: { id: 1 }, senderFrame: top }],
  ['a frame within the page', { sender: window, senderFrame: { ...top, parent: top } }],
  ['a page that is gone', { sender: window, senderFrame: null }],
  ['an empty page', { sender: window, senderFrame: { ...top, url: 'about:blank' } }],
  [
    'a page of its own making',
    { sender: window, senderFrame: { ...top, url: 'blob:app://keyfob/1' } },
  ],
  [
    'another host',
    { sender: window, senderFrame: { ...top, url: 'app://keyfob.evil/index.html' } },
  ],
  ['another scheme', { sender: window, senderFrame: { ...top, url: 'https://keyfob/index.html' } }],
])('isOwnPage() does not know %s', (_who, asker) => {
  expect(isOwnPage(asker, window)).toBe(false);
});
