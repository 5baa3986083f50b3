/** How a device is described on the approval page. */
export type DeviceName = Readonly<{
  /** The device, for instance `Desktop, Linux 6.8`. */
  device: string;
  /** The program and its version; null: unknown. */
  program: string | null;
}>;

/**
 * Parses `Name/1.2.3 (model; OS version)` from a User-Agent. Anything else is an unknown device, as
 * on the real servers.
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
