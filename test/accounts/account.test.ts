import { expect, test } from 'vitest';
import { refusalOf } from '../../main/accounts/account.ts';
import { everyState } from '../fixtures/account-events.ts';
import { account, session } from '../fixtures/world.ts';

test('refusalOf() says why no token can be handed out, in every state', () => {
  const codes = everyState.map((state) => {
    const known = refusalOf(account(state))?.code ?? null;
    const unknown = refusalOf(account(state, { session: session({ userId: null }) }))?.code ?? null;
    return [state.kind, known, unknown];
  });
  expect(codes).toEqual([
    ['unverified', 'not-verified-yet', 'not-verified-yet'],
    ['unverified', 'unreachable', 'unreachable'],
    ['active', null, 'not-verified-yet'],
    ['refreshing', null, 'not-verified-yet'],
    ['unsaved', null, 'not-verified-yet'],
    ['unsaved', 'account-locked', 'account-locked'],
    ['retrying', null, 'not-verified-yet'],
    ['locked', 'account-locked', 'account-locked'],
    ['signed-out', 'signed-out', 'signed-out'],
    ['signing-out', 'signing-out', 'signing-out'],
    ['signing-out', 'signing-out', 'signing-out'],
  ]);
});
