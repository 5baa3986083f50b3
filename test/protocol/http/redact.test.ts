import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutTokens } from '../../../main/protocol/http/redact.ts';

test('withoutTokens() removes what looks like the tokens of real servers', () => {
  const tokens = [
    'mat_8NjBEKEqpzkN3qEZ0pLcnXhKXRhrRF_Bl1bY2',
    'mar_VnJtM1dGq4PzXx0cG6p1hXPMnuzKQi_9Jm1Q3',
    'syt_YWxpY2U_kHdNuLXvFzBnOqrtVYiT_2h7Yq1',
    'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl',
    'q83vEjRWeJq83vEjRWeJ+/==',
  ];
  expect(tokens.map((token) => withoutTokens(`The token "${token}" is gone.`))).toEqual(
    tokens.map(() => 'The token "[…]" is gone.'),
  );
});

test('withoutTokens() keeps ordinary sentences', () => {
  const sentences = [
    'Client metadata refused: redirect_uris missing; use urn:matrix:client:api:* (see MSC2967).',
    'Grant 7XK0QB expired at 2026-11-24T10:00:00Z.',
    'unauthorized_client is what donaudampfschifffahrtsgesellschaft gets',
  ];
  expect(sentences.map(withoutTokens)).toEqual(sentences);
});

test('withoutTokens() leaves no long run of letters and digits, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', maxLength: 400 }), (text) => {
      const runs = withoutTokens(text).match(/[\w.~+/=-]{16,}/g) ?? [];
      expect(runs.filter((run) => /\d/.test(run) && /[A-Za-z]/.test(run))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});
