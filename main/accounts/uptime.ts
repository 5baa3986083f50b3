/** The machine's uptime: a clock that outlives the process and that nobody sets. */
export type Uptime = Readonly<{
  /** Identifies the boot (Linux: `boot_id`); null: the system has no such ID. */
  boot: string | null;
  /** Milliseconds since boot, including suspend. */
  ms: number;
}>;

/** Wall clock and uptime at one moment: the clocks that outlive the process. `now`: epoch milliseconds. */
export type WallAndUptime = Readonly<{ now: number; uptime: Uptime }>;

/** Tolerated difference: some systems know their boot time only to the second, and clocks drift. */
const APART_MS = 2_000;
const DRIFT = 0.001;

/**
 * Milliseconds from one moment to a later one, possibly in another process; never too few. null: unknown,
 * because the machine rebooted or its clock was set in between.
 */
export function timeBetween(before: WallAndUptime, after: WallAndUptime): number | null {
  if (before.uptime.boot !== after.uptime.boot) return null;
  const byUptime = after.uptime.ms - before.uptime.ms;
  const byWall = after.now - before.now;
  const apart = Math.abs(byUptime - byWall);
  if (byUptime < -APART_MS || apart > APART_MS + Math.abs(byUptime) * DRIFT) return null;
  return Math.max(byUptime, byWall, 0);
}
