/** The errno name of a system error, such as `ENOSPC`; null for any other error. */
export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('errno' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** {@link errnoOf} where nothing but a system error is expected. Any other is a bug, and thrown again. */
export function systemErrnoOf(error: unknown): string {
  const errno = errnoOf(error);
  if (errno === null) throw error;
  return errno;
}
