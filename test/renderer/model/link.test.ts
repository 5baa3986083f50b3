import { expect, test } from 'vitest';
import { linkParts } from '../../../renderer/model/link.ts';

test('linkParts() tells the host from the rest', () => {
  expect([
    linkParts('https://auth.example.org/link?code=ABC#x'),
    linkParts('https://auth.example.org/'),
    linkParts('http://localhost:8008/device'),
    linkParts('https://auth.example.org@evil.example/link'),
    linkParts('https://аuth.example.org/link'),
    linkParts('mailto:alice@example.org'),
    linkParts('no link'),
  ]).toEqual([
    { before: '', host: 'auth.example.org', after: '/link?code=ABC#x' },
    { before: '', host: 'auth.example.org', after: '' },
    { before: 'http://', host: 'localhost:8008', after: '/device' },
    { before: '', host: 'evil.example', after: '/link' },
    { before: '', host: 'xn--uth-5cd.example.org', after: '/link' },
    null,
    null,
  ]);
});
