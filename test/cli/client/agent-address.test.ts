import { expect, test } from 'vitest';
import { TIMEOUT_MS } from '../../../main/cli/client/agent-address.ts';
import { FLIGHT_LIMIT_MS, REFRESH_TIMEOUT_MS } from '../../../main/protocol/time-limits.ts';

test('a command waits longer than a refresh may take, and a refresh longer than its requests', () => {
  expect([
    TIMEOUT_MS > REFRESH_TIMEOUT_MS,
    REFRESH_TIMEOUT_MS > FLIGHT_LIMIT_MS,
    TIMEOUT_MS,
  ]).toEqual([
    true,
    true,
    60_000, // as the help and the guide say
  ]);
});
