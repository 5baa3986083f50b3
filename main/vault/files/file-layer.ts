/**
 * The vault's file-system port: few operations, each of which a test can make fail. All reject with the
 * system's own error, whose `code` names the errno.
 */
export interface FileLayer {
  /** The effective user id; null on systems without numeric ids. */
  readonly uid: number | null;
  /** Creates a file with mode 0600. Rejects with `EEXIST` if it exists. */
  create(path: string): Promise<WritableFile>;
  /** Opens an existing file for overwriting. Rejects with `ENOENT` if there is none. */
  edit(path: string): Promise<WritableFile>;
  /** The file's content. */
  read(path: string): Promise<Uint8Array>;
  /** The names in a folder, in no particular order. */
  list(folder: string): Promise<readonly string[]>;
  /** Renames; replaces `to` atomically if it exists. */
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Syncs a folder, so that its names survive a power cut; a no-op where the system can't do that. */
  syncFolder(path: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  /** `loose`: group or others have any permission. */
  stat(path: string): Promise<Readonly<{ uid: number; folder: boolean; loose: boolean }>>;
  /** Creates a folder (0700) and its parents. Resolves to the topmost one created; null: it existed. */
  makeFolder(path: string): Promise<string | null>;
}

/** A file open for writing at position 0. */
export interface WritableFile {
  /** Writes all of `bytes` and truncates the file there; or rejects. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves once the content would survive a power cut (fsync). */
  sync(): Promise<void>;
  close(): Promise<void>;
}
