/** How long the machine is up: the one clock that goes on over a restart of ours and that nobody sets. */
export type Uptime = Readonly<{
  /** Which start of the machine; null: the system has no name for it. */
  boot: string | null;
  /** Milliseconds since then; the time that the machine slept counts. */
  ms: number;
}>;

/** The two clocks that outlive a process, at one moment. `now`: epoch milliseconds. */
export type WallAndUptime = Readonly<{ now: number; uptime: Uptime }>;

/** How far the two clocks may be apart: some systems know their start to the second only, and clocks drift. */
const APART_MS = 2_000;
const DRIFT = 0.001;

/**
 * Milliseconds from one moment to a later one, which may be another process's; never too few. null:
 * nobody knows, because the machine was started anew or its clock was set in between.
 */
export function timeBetween(before: WallAndUptime, after: WallAndUptime): number | null {
  if (before.uptime.boot !== after.uptime.boot) return null;
  const byUptime = after.uptime.ms - before.uptime.ms;
  const byWall = after.now - before.now;
  const apart = Math.abs(byUptime - byWall);
  if (byUptime < -APART_MS || apart > APART_MS + Math.abs(byUptime) * DRIFT) return null;
  return Math.max(byUptime, byWall, 0);
}
