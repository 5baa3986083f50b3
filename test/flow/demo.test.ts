import { spawn } from 'node:child_process';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { PersonalityName } from '../../tools/homeserver/personality.ts';
import { buildDemo } from './bundle.ts';
import { Running } from './processes.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 }); // processes are slow on a busy machine

const families: readonly PersonalityName[] = ['mas', 'tuwunel', 'continuwuity', 'oidc-provider'];

let demo = '';

beforeAll(async () => {
  demo = await buildDemo('demo');
});

describe.concurrent('the demo', () => {
  test.each(families)('runs one session against %s and exits with 0', async (personality) => {
    const child = spawn(process.execPath, [demo, '--json', '--personality', personality]);
    const { code, out } = await new Running(child, ['demo', personality]).ended;
    const steps = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { step: string });
    const told = steps.map(({ step }) => step).filter((step) => step !== 'waiting');
    expect({ code, told, last: steps.at(-1) }).toEqual({
      code: 0,
      told: [
        'homeserver',
        'agent',
        'asking',
        'started',
        'discovered',
        'registered',
        'code',
        'approved',
        'verifying',
        'signed_in',
        'token',
        'refreshed',
        'signed_out',
        'done',
      ],
      last: { step: 'done', ok: true, took_s: expect.any(Number) as unknown },
    });
  });
});
