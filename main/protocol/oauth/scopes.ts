const STABLE = 'urn:matrix:client:';
const UNSTABLE = 'urn:matrix:org.matrix.msc2967.client:';

/** The scope token for the client-server API, stable and unstable. */
export const API_SCOPES: readonly string[] = [`${STABLE}api:*`, `${UNSTABLE}api:*`];

/**
 * The two scope tokens of a sign-in, for the API and for the device: both stable, or both unstable.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#allocating-scope-tokens Matrix 1.18, scope}
 */
export function scopeFor(deviceId: string, family: 'stable' | 'unstable'): readonly string[] {
  const prefix = family === 'stable' ? STABLE : UNSTABLE;
  return [`${prefix}api:*`, `${prefix}device:${deviceId}`];
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

const LENGTH = 12;

/** The largest multiple of 36 that fits in a byte: using bytes above it would favor the first letters. */
const FAIR_BYTES = 252;

/**
 * A new device ID: 12 characters of A-Z and 0-9, which every server implementation accepts.
 *
 * @param randomBytes `n` bytes from a cryptographic generator.
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#device-id-allocation Matrix 1.18, device ID allocation}
 */
export function newDeviceId(randomBytes: (n: number) => Uint8Array): string {
  let id = '';
  while (id.length < LENGTH) {
    for (const byte of randomBytes(LENGTH)) {
      if (byte < FAIR_BYTES && id.length < LENGTH) id += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return id;
}

/** Whether every server implementation accepts `text` as a device ID: 10 to 16 characters of A-Z and 0-9. */
export function isDeviceId(text: string): boolean {
  return /^[A-Z0-9]{10,16}$/.test(text);
}
