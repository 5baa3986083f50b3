const STABLE = 'urn:matrix:client:';
const UNSTABLE = 'urn:matrix:org.matrix.msc2967.client:';

/** The scope token for the client-server API, in the spelling of the specification and in the draft's. */
export const API_SCOPES: readonly string[] = [`${STABLE}api:*`, `${UNSTABLE}api:*`];

/**
 * The two scope tokens of a sign-in: the API, and the device. The families never mix.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#allocating-scope-tokens Matrix 1.18, scope}
 */
export function scopeFor(deviceId: string, family: 'stable' | 'unstable'): readonly string[] {
  const prefix = family === 'stable' ? STABLE : UNSTABLE;
  return [`${prefix}api:*`, `${prefix}device:${deviceId}`];
}
