/** How a device is called where a person approves it. */
export type DeviceName = Readonly<{
  /** What it is, for instance `Desktop, Linux 6.8`. */
  device: string;
  /** The program and its version; null: it did not say. */
  program: string | null;
}>;

/**
 * Reads `Name/1.2.3 (model; OS version)` out of a User-Agent. Anything else is an unknown device, as
 * it is for the servers that show it.
 */
export function deviceName(userAgent: string | null): DeviceName {
  const match = /^([^\s/();]+)\/(\S+) \(([^();]+)(?:; ([^();]+))?[^()]*\)/.exec(userAgent ?? '');
  if (match === null) return { device: 'Unknown device', program: null };
  const [, name = '', version = '', model = '', system] = match;
  return {
    device: system === undefined ? model.trim() : `${model.trim()}, ${system.trim()}`,
    program: `${name} ${version}`,
  };
}
