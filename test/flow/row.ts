import type { OddBehaviour } from '../../tools/homeserver/odd/odd-behaviour.ts';
import { findOddBehaviour } from '../../tools/homeserver/odd/odd-behaviour.ts';
import type { SeenRequest } from '../../tools/homeserver/auth/dispatcher.ts';
import { Stage } from './stage.ts';
import type { StageOptions } from './stage.ts';

/** What a client does with one way in which servers are odd. */
export type Row = Readonly<{
  /** Of the catalogue's entry. */
  name: string;
  /**
   * Lives through it, and gives what came of it, whole. `turnOdd` is called once somebody is signed in;
   * it does nothing where the server is odd from the start.
   */
  live: (stage: Stage, turnOdd: () => void) => Promise<unknown>;
  /** What has to come of it. */
  expects: unknown;
  /** What the stage needs, besides what the entry says. */
  stage?: StageOptions;
}>;

/** Lives through one row on a stage of its own. */
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
  if (entry === null) throw new Error(`The catalogue has no "${name}"`);
  return entry;
}

/** What no server may ever get: a token where none belongs, a secret in an address, a cookie. */
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

/** What the server was asked, in order: `versions auth-metadata token×3`. */
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
