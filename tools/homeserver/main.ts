import { parseArgs } from 'node:util';

import { startHomeserver } from './homeserver.ts';
import type { HomeserverOptions, TestHomeserver } from './homeserver.ts';
import { findOddBehaviour, oddBehaviours } from './odd/odd-behaviour.ts';
import type { OddBehaviour } from './odd/odd-behaviour.ts';
import type { PersonalityName } from './personality.ts';

const names: readonly PersonalityName[] = ['mas', 'tuwunel', 'continuwuity', 'oidc-provider'];

const usage = `Usage: homeserver [options]

  --personality NAME   ${names.join(', ')}; default mas
  --port N             default 8008
  --access-ttl S       lifetime of access tokens, in seconds
  --code-ttl S         lifetime of device codes, in seconds
  --fault NAME         odd behaviour to turn on (repeatable); "--fault list" lists all names
  --json               one JSON object per line, instead of text
`;

/** The parsed command line. */
type Wish = Readonly<{
  options: HomeserverOptions;
  faults: readonly OddBehaviour[];
  json: boolean;
}>;

/** An invalid command line; the message says why. */
class UsageError extends Error {}

function readCommandLine(args: readonly string[]): Wish | 'list' {
  const { values } = parseCommandLine(args);
  if (values.fault.includes('list')) return 'list';
  const faults = values.fault.map((name) => {
    const entry = findOddBehaviour(name);
    if (entry === null)
      throw new UsageError(`Unknown fault "${name}". --fault list shows all of them.`);
    return entry;
  });
  const personality = names.find((name) => name === values.personality);
  if (personality === undefined) {
    throw new UsageError(`Unknown personality "${values.personality}".`);
  }
  const chosen: HomeserverOptions = {
    personality,
    port: readNumber('--port', values.port, 65_535),
    ...lifetime('accessTtlMs', '--access-ttl', values['access-ttl']),
    ...lifetime('codeTtlMs', '--code-ttl', values['code-ttl']),
  };
  const options = faults.reduce((all, fault) => ({ ...all, ...fault.options }), chosen);
  return { options, faults, json: values.json };
}

function parseCommandLine(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        personality: { type: 'string', default: 'mas' },
        port: { type: 'string', default: '8008' },
        'access-ttl': { type: 'string' },
        'code-ttl': { type: 'string' },
        fault: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function lifetime(
  name: 'accessTtlMs' | 'codeTtlMs',
  option: string,
  value: string | undefined,
): HomeserverOptions {
  if (value === undefined) return {};
  const seconds = readNumber(option, value, 31_536_000);
  if (seconds === 0) throw new UsageError(`${option} must be more than 0 seconds.`);
  return { [name]: seconds * 1000 };
}

function readNumber(option: string, value: string, most: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > most) {
    throw new UsageError(`${option} takes a whole number up to ${most}, not "${value}".`);
  }
  return number;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function announce(server: TestHomeserver, { faults, json }: Wish): void {
  const { baseUrl, serverName, personality, users } = server;
  const page = `${baseUrl}/link`;
  const approve = `curl -d '{"user_code":"CODE"}' ${baseUrl}/_test/approve`;
  const odd = faults.map(({ name }) => name);
  if (json) {
    const event = 'listening';
    say(JSON.stringify({ event, baseUrl, serverName, personality, users, page, approve, odd }));
    return;
  }
  say(`Homeserver   ${baseUrl}   (imitates ${personality}, server name ${serverName})`);
  say(`Users        ${users.join('  ')}`);
  say(`Approve at   ${page}`);
  say(`or run       ${approve}`);
  for (const name of odd) say(`Fault        ${name}`);
  say('Press Ctrl-C to stop.');
}

function describeStartFailure(error: unknown, port: number | undefined): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${port ?? 0} is in use. Choose another one with --port.`;
  }
  if (code === 'EACCES')
    return `No permission to listen on port ${port ?? 0}. Choose another one with --port.`;
  return `Cannot start: ${error instanceof Error ? error.message : String(error)}`;
}

/** Runs until it receives a signal. Resolves with the exit code. */
async function run(args: readonly string[]): Promise<number> {
  const wish = readCommandLine(args);
  if (wish === 'list') {
    for (const { row, name } of oddBehaviours) say(`${String(row).padStart(2)}  ${name}`);
    return 0;
  }
  let server: TestHomeserver;
  try {
    server = await startHomeserver(wish.options);
  } catch (error) {
    process.stderr.write(`${describeStartFailure(error, wish.options.port)}\n`);
    return 1;
  }
  const told = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  for (const fault of wish.faults) fault.arrange(server);
  announce(server, wish);
  await told;
  await server.close();
  if (wish.json) say(JSON.stringify({ event: 'closed' }));
  return 0;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}
