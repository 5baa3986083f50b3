import { expect, test } from 'vitest';
import { serverHint } from '../../../renderer/model/server-hint.ts';

test('serverHint() says what was understood', () => {
  expect(
    ['@alice:example.org', ' Example.ORG ', 'https://example.org/hs', 'localhost:8008'].map(
      (typed) => serverHint(typed).text,
    ),
  ).toEqual([
    "You'll sign in as @alice:example.org on example.org.",
    "You'll sign in on example.org and choose the account in your browser.",
    "You'll sign in on the homeserver example.org.",
    "You'll sign in on localhost:8008 and choose the account in your browser.",
  ]);
});

test('serverHint() shows examples, not an error, before anything is typed', () => {
  expect(serverHint('  ')).toEqual({
    kind: 'empty',
    text: 'For example @alice:example.org, example.org or https://matrix.example.org.',
    suggestion: null,
  });
});

test('serverHint() suggests the user ID that an e-mail address may stand for', () => {
  expect(serverHint('alice@example.org')).toEqual({
    kind: 'not-understood',
    text: 'That looks like an email address. Matrix finds servers by user ID. If you meant @alice:example.org, enter that; otherwise, enter the name of your server.',
    suggestion: '@alice:example.org',
  });
});

test('serverHint() says why a text cannot be a server', () => {
  expect(
    ['#room:example.org', 'http://example.org', 'a b'].map((typed) => serverHint(typed).kind),
  ).toEqual(['not-understood', 'not-understood', 'not-understood']);
});
