import type { Result } from '../../common/result.ts';
import { err, ok } from '../../common/result.ts';

/** `optional`: takes a value only in the form `--env=NAME`. */
export type OptionKind = 'flag' | 'value' | 'optional';

/** The options of a command, without their dashes. Every command also takes `--help`. */
export type OptionSpec = Readonly<Record<string, OptionKind>>;

export type Parsed = Readonly<{
  positionals: readonly string[];
  /** `''` for a flag and for an omitted optional value. */
  options: ReadonlyMap<string, string>;
}>;

/** Why a command line cannot be used. `candidates`: what may have been meant instead of `given`. */
export type UsageProblem = Readonly<{ text: string; given: string; candidates: readonly string[] }>;

/** Parses the words after a command's name, with at most `most` positional arguments. */
export function parseOptions(
  words: readonly string[],
  spec: OptionSpec,
  most: number,
): Result<Parsed, UsageProblem> {
  const positionals: string[] = [];
  const options = new Map<string, string>();
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      positionals.push(...rest.splice(0));
    } else if (word.startsWith('-') && word !== '-') {
      const read = readOption(word, rest, spec);
      if (!read.ok) return read;
      options.set(...read.value);
    } else {
      positionals.push(word);
    }
  }
  const extra = positionals[most];
  if (extra !== undefined) return usageProblem(`unexpected argument "${extra}"`, extra);
  return ok({ positionals, options });
}

/** A failed parse. `candidates`: what may have been meant instead. */
export function usageProblem(
  text: string,
  given: string,
  candidates: readonly string[] = [],
): Result<never, UsageProblem> {
  return err({ text, given, candidates });
}

function readOption(
  word: string,
  rest: string[],
  spec: OptionSpec,
): Result<readonly [string, string], UsageProblem> {
  const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(word === '-h' ? '--help' : word) ?? [];
  const kind = name === 'help' ? 'flag' : Object.hasOwn(spec, name) ? spec[name] : undefined;
  switch (kind) {
    case undefined:
      return usageProblem(`unknown option ${optionName(word)}`, optionName(word), [
        ...Object.keys(spec).map((known) => `--${known}`),
        '--help',
      ]);
    case 'flag':
      return value === undefined ? ok([name, '']) : usageProblem(`--${name} takes no value`, word);
    case 'optional':
      return ok([name, value ?? '']);
    case 'value': {
      const given = value ?? rest.shift();
      return given === undefined
        ? usageProblem(`--${name} requires a value`, word)
        : ok([name, given]);
    }
  }
}

/** The name alone: the value after `=` may be a secret. */
function optionName(word: string): string {
  return word.split('=', 1)[0] ?? word;
}
