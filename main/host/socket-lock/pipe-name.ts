const PIPES = '\\\\.\\pipe\\';

/**
 * The Windows pipe that stands for a path: pipes share one name space per machine, so the name comes
 * from the path, and thus from the user it belongs to. What names a pipe already stays as it is.
 */
export function pipeName(path: string): string {
  return path.startsWith(PIPES) ? path : `${PIPES}keyfob-${hash(path.toLowerCase())}`;
}

/**
 * FNV-1a, 64 bits: tells paths apart, and is not meant to withstand anybody.
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
