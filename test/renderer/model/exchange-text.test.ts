import { expect, test } from 'vitest';
import {
  bodyText,
  statusText,
  statusTone,
  timeText,
  tookText,
} from '../../../renderer/model/exchange-text.ts';

test('bodyText() indents JSON, splits forms, and leaves the rest unchanged', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  expect([
    bodyText('{"a":{"b":1}}', { 'content-type': 'application/json' }),
    bodyText('scope=a+b&client_id=c%26d', form),
    bodyText('{"cut":"of…', { 'content-type': 'application/json' }),
    bodyText('<html>', {}),
  ]).toEqual([
    '{\n  "a": {\n    "b": 1\n  }\n}',
    'scope = a b\nclient_id = c&d',
    '{"cut":"of…',
    '<html>',
  ]);
});

test('statusText(), statusTone() and tookText() describe the result of an exchange', () => {
  expect([
    [statusText(200, null), statusTone(200)],
    [statusText(400, null), statusTone(400)],
    [statusText(502, null), statusTone(502)],
    [statusText(null, 'unreachable'), statusTone(null)],
    [tookText(83.6), tookText(1_240)],
  ]).toEqual([
    ['200', 'good'],
    ['400', 'warn'],
    ['502', 'bad'],
    ['unreachable', 'bad'],
    ['84 ms', '1.2 s'],
  ]);
});

test('timeText() shows the local time to the second', () => {
  expect(timeText(new Date(2026, 10, 23, 9, 5, 7, 999).getTime())).toBe('09:05:07');
});
