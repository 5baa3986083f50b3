const PIPES = '\\\\.\\pipe\\';

/**
 * The Windows pipe for a path. All pipes of a machine share one namespace, so the name is derived from the
 * path, and thus from the user whose path it is. The name of a pipe is returned unchanged.
 */
export function pipeName(path: string): string {
  return path.startsWith(PIPES) ? path : `${PIPES}keyfob-${hash(path.toLowerCase())}`;
}

/**
 * FNV-1a, 64 bits. It distinguishes paths; it isn't cryptographic.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9923.html RFC 9923}
 */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  }
  return value.toString(16).padStart(16, '0');
}
