import { expect, test } from 'vitest';
import { codeLifetimes } from '../../../renderer/model/code-lifetimes.ts';
import { login } from '../gallery/scene.ts';

test('codeLifetimes() assumes a usual lifetime, keeps it, and drops it with its login', () => {
  const waiting = login({
    step: 'waiting',
    homeserver: 'https://matrix.example.org/',
    issuer: 'https://auth.example.org/',
    clientId: 'client',
    userCode: 'ABC123',
    verificationUri: 'https://auth.example.org/link',
    verificationUriComplete: null,
    expiresAt: 1_200_000,
    intervalMs: 5_000,
    poll: { state: 'waiting', polls: 0, nextAt: 5_000 },
  });
  const first = codeLifetimes(new Map(), [waiting], 300);
  const later = codeLifetimes(first, [waiting], 1_000_000);
  const gone = codeLifetimes(later, [login({ step: 'cancelled' })], 1_000_001);
  const lateStart = codeLifetimes(new Map(), [waiting], 400_000);
  expect([first, later, gone, lateStart].map((lengths) => [...lengths])).toEqual([
    [['login-1', 1_200_000]],
    [['login-1', 1_200_000]],
    [],
    [['login-1', 900_000]],
  ]);
});
