import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OptionSpec } from '../../main/cli/options.ts';
import { parseOptions } from '../../main/cli/options.ts';

const SPEC: OptionSpec = { json: 'flag', for: 'value', env: 'optional' };

test('parseOptions() takes values after a space or an equals sign, and positional arguments in between', () => {
  const words = ['alice', '--for', 'my script', '--env', '--json', '--', '--label'];
  expect(parseOptions(words, SPEC, 2)).toEqual({
    ok: true,
    value: {
      positionals: ['alice', '--label'],
      options: new Map([
        ['for', 'my script'],
        ['env', ''],
        ['json', ''],
      ]),
    },
  });
});

test('parseOptions() keeps everything after the first equals sign', () => {
  expect(parseOptions(['--for=a=b\nc'], SPEC, 0)).toEqual({
    ok: true,
    value: { positionals: [], options: new Map([['for', 'a=b\nc']]) },
  });
});

test('parseOptions() never takes the next word for an optional value', () => {
  expect(parseOptions(['--env', 'alice'], SPEC, 1)).toMatchObject({
    value: { positionals: ['alice'], options: new Map([['env', '']]) },
  });
});

test('parseOptions() never repeats the value of an unknown option', () => {
  expect(parseOptions(['--token=mat_secret'], SPEC, 1)).toEqual({
    ok: false,
    failure: {
      text: 'unknown option --token',
      given: '--token',
      candidates: ['--json', '--for', '--env', '--help'],
    },
  });
});

test('parseOptions() never throws', () => {
  const word = fc.oneof(fc.string(), fc.constantFrom('--', '-', '--__proto__', '--for', '--json='));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (words) => {
      const parsed = parseOptions(words, SPEC, 1);
      expect(parsed.ok ? parsed.value.positionals.length <= 1 : parsed.failure.text !== '').toBe(
        true,
      );
    }),
    { numRuns: 10_000 },
  );
});
