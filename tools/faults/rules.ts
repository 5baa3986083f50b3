import { HOUR, MINUTE, SECOND } from '../../common/time.ts';
import type { Step } from '../../main/protocol/http/network.ts';
import type { TestHomeserver } from '../homeserver/homeserver.ts';
import { startHomeserver } from '../homeserver/homeserver.ts';
import type { MemoryDisk } from '../../test/vault/files/memory-disk.ts';
import { diskWith, heldOn } from './rows/disks.ts';
import { atServer, newSession, refreshTokenOf } from './session.ts';
import { Process, World } from './world.ts';

/** Most requests per hour to a server that locked the account: one every two minutes. */
const MOST_WHILE_LOCKED = 30;

type Scene = Readonly<{ world: World; process: Process; disk: MemoryDisk; label: string }>;

/** Runs one scenario; gives what is wrong at the end, null for nothing. */
async function play(story: (scene: Scene) => Promise<string | null>): Promise<string | null> {
  const world = await World.start();
  const account = await newSession(world.server, world.clock);
  const disk = await diskWith(account);
  const process = await Process.start(world, disk);
  const wrong = await story({ world, process, disk, label: account.label });
  await world.windFor(process.engine.stop());
  await world.close();
  return process.bugs[0] ?? wrong;
}

/** Counts requests of a step from now on. */
function counting({ requests }: TestHomeserver): (step: Step) => number {
  const from = requests.length;
  return (step) => requests.slice(from).filter((seen) => seen.step === step).length;
}

/**
 * The token endpoint answers with this status for an hour: the metadata must be fetched once for
 * each try.
 */
export function metadataMoved(status: 404 | 405): Promise<string | null> {
  return play(async ({ world, process, label }) => {
    const { faults } = world.server;
    const seen = counting(world.server);
    faults.always('refresh', { respond: { status, body: '' } });
    await world.windFor(process.engine.refresh(label));
    const once = [seen('refresh'), seen('auth-metadata')].join(' ');
    await world.pass(HOUR);
    const [tries, looks] = [seen('refresh'), seen('auth-metadata')];
    faults.clear();
    const came = await process.useSoon(10 * MINUTE);
    if (once !== '2 1') return `requests and lookups on the first try: ${once}`;
    if (tries !== 2 * looks) return `${tries} requests, ${looks} lookups in an hour`;
    if (tries > 60) return `${tries} requests in an hour`;
    return came === 'used' ? null : came;
  });
}

/** The homeserver names another issuer: no token goes there, and the session waits. */
export function otherIssuer(): Promise<string | null> {
  return play(async ({ world, process, label }) => {
    const other = await startHomeserver({ now: () => world.clock.now() });
    const elsewhere = (json: Readonly<Record<string, unknown>>) =>
      JSON.parse(JSON.stringify(json).replaceAll(world.server.baseUrl, other.baseUrl)) as unknown;
    world.server.faults.always('refresh', { respond: { status: 404, body: '' } });
    world.server.faults.always('auth-metadata', { patch: elsewhere });
    await world.windFor(process.engine.refresh(label));
    await world.pass(HOUR);
    const sent = other.requests.map(({ path }) => path);
    const state = process.account?.state;
    const told = state !== undefined && 'notice' in state ? state.notice?.code : undefined;
    world.server.faults.clear();
    const came = await process.useSoon(10 * MINUTE);
    await other.close();
    if (sent.length > 0) return `the other server got requests: ${sent.join(' ')}`;
    if (told !== 'issuer-changed') return `the account reports ${String(told)}`;
    return came === 'used' ? null : came;
  });
}

/** MAS reports a locked account only as an invalid token, and goes on issuing new ones. */
export function lockedForAnHour(): Promise<string | null> {
  return play(async ({ world, process, label }) => {
    world.server.lockUser('alice', true);
    await world.windFor(process.engine.check(label));
    const state = process.account?.state.kind;
    const seen = counting(world.server);
    const answers = new Set<string>();
    for (let second = 0; second < HOUR / SECOND; second += 10) {
      answers.add((await world.windFor(process.use())) ?? 'no answer');
      await world.pass(10 * SECOND);
    }
    const asked = seen('refresh') + seen('whoami');
    world.server.lockUser('alice', false);
    await world.pass(10 * MINUTE);
    const came = await process.useSoon(MINUTE);
    if (state !== 'locked') return `the account is ${String(state)}`;
    if ([...answers].join() !== 'account-locked')
      return `callers were given ${[...answers].join()}`;
    if (asked > MOST_WHILE_LOCKED) return `${asked} requests in an hour`;
    return came === 'used' ? null : `after unlocking: ${came}`;
  });
}

/** The server asks for a ten-minute pause: callers that retry every second must not break it. */
export function retryAfter(): Promise<string | null> {
  return play(async ({ world, process, label }) => {
    const respond = { status: 429, headers: { 'retry-after': '600' }, body: '' };
    await world.pass(6 * MINUTE); // The first token has expired; one refresh has replaced it.
    const seen = counting(world.server);
    world.server.faults.next('refresh', { respond });
    await world.windFor(process.engine.refresh(label));
    for (let second = 0; second < 590; second += 1) {
      await world.windFor(
        process.engine.tokenFor(label, { minValidMs: 290 * SECOND, consumer: 'x' }),
      );
      await world.pass(SECOND);
    }
    const asked = seen('refresh');
    const came = await process.useSoon(MINUTE);
    if (asked !== 1) return `${asked} requests in the ten minutes`;
    return came === 'used' ? null : came;
  });
}

/** A sign-out without network, then a restart days later with network. */
export function offlineSignOut(): Promise<string | null> {
  return play(async ({ world, process, disk, label }) => {
    const [held] = await heldOn(disk);
    if (held === undefined) return 'there is no record';
    const { faults } = world.server;
    for (const step of ['revocation', 'refresh', 'whoami'] as const)
      faults.always(step, { drop: 'before' });
    const ended = await world.windFor(process.engine.signOut(label));
    const proof = ended?.ok === true ? ended.value.proof : 'none';
    await world.windFor(process.engine.stop());
    process.kill();
    const [kept] = await heldOn(disk);
    await world.pass(26 * HOUR);
    faults.clear();
    const next = await Process.start(world, disk);
    const gone = await world.wind(() => next.account === null, 10 * MINUTE);
    await world.windFor(next.engine.stop());
    const left = await heldOn(disk);
    if (proof !== 'queued') return `the sign-out is ${proof}`;
    if (kept?.state.kind !== 'signing-out') return `the record says ${String(kept?.state.kind)}`;
    if (refreshTokenOf(kept) === null) return 'the record has no token to revoke';
    if (atServer(world.server, held).alive) return 'the session lives on at the server';
    return gone && left.length === 0 ? null : 'the account is still there';
  });
}
