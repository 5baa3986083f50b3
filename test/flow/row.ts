import type { OddBehaviour } from '../../tools/homeserver/odd/odd-behaviour.ts';
import { findOddBehaviour } from '../../tools/homeserver/odd/odd-behaviour.ts';
import type { SeenRequest } from '../../tools/homeserver/auth/dispatcher.ts';
import { Stage } from './stage.ts';
import type { StageOptions } from './stage.ts';

/** How Keyfob must react to one odd behaviour of a server. */
export type Row = Readonly<{
  /** The name of the catalogue's entry. */
  name: string;
  /**
   * Runs the scenario and gives its whole result. `turnOdd` is called once the user is signed in;
   * it does nothing if the server is odd from the start.
   */
  live: (stage: Stage, turnOdd: () => void) => Promise<unknown>;
  /** The expected result. */
  expects: unknown;
  /** What the stage needs in addition to the entry's own options. */
  stage?: StageOptions;
}>;

/** Runs one row on a stage of its own. */
export async function liveThrough({ name, live, stage: options = {} }: Row): Promise<unknown> {
  const entry = entryOf(name);
  const stage = await Stage.start({
    ...options,
    homeserver: { ...options.homeserver, ...entry.options },
  });
  try {
    const later = entry.at === 'session';
    if (!later) entry.arrange(stage.server);
    const result = await live(stage, () => {
      if (later) entry.arrange(stage.server);
    });
    const trespasses = trespassesOf(stage);
    return trespasses.length === 0 ? result : { result, trespasses };
  } finally {
    await stage.close();
  }
}

function entryOf(name: string): OddBehaviour {
  const entry = findOddBehaviour(name);
  if (entry === null) throw new Error(`The catalogue has no entry "${name}"`);
  return entry;
}

/**
 * What no server may ever receive: a token where it doesn't belong, a secret in a URL, a cookie.
 */
function trespassesOf({ server }: Stage): readonly string[] {
  const secrets = server.issuedSecrets();
  return server.requests.flatMap(({ step, path, headers }) => {
    const mayHoldToken = step === 'whoami' || step === 'profile';
    return [
      ...(headers.authorization !== undefined && !mayHoldToken ? [`a token for ${path}`] : []),
      ...(secrets.some((secret) => path.includes(secret)) ? [`a secret in ${path}`] : []),
      ...(headers.cookie === undefined ? [] : [`a cookie for ${path}`]),
    ];
  });
}

/** The requests that the server received, in order: `versions auth-metadata token×3`. */
export function saw({ server }: Stage, from = 0): string {
  const steps = server.requests.slice(from).map(nameOf);
  const runs: { name: string; times: number }[] = [];
  for (const name of steps) {
    const last = runs.at(-1);
    if (last?.name === name) last.times += 1;
    else runs.push({ name, times: 1 });
  }
  return runs.map(({ name, times }) => (times === 1 ? name : `${name}×${times}`)).join(' ');
}

function nameOf({ step, path }: SeenRequest): string {
  return step ?? path;
}
