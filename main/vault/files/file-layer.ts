/**
 * What the vault asks of a disk: few steps, each of which a test can make fail. Every one rejects
 * with the system's own error, whose `code` names the errno.
 */
export interface FileLayer {
  /** The user as whom we run; null where the system does not number its users. */
  readonly uid: number | null;
  /** Makes a file that only we may read (0600). Rejects with `EEXIST` where there is one already. */
  create(path: string): Promise<WritableFile>;
  /** Opens a file that is there, to write over all of it. Rejects with `ENOENT` where there is none. */
  edit(path: string): Promise<WritableFile>;
  /** Everything the file holds. */
  read(path: string): Promise<Uint8Array>;
  /** The names in a folder, in no order. */
  list(folder: string): Promise<readonly string[]>;
  /** Replaces `to` in one step where it exists. */
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Makes the names in a folder survive a power cut; does nothing where the system cannot do that. */
  syncFolder(path: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  /** `loose`: somebody other than the owner may read or write it. */
  stat(path: string): Promise<Readonly<{ uid: number; folder: boolean; loose: boolean }>>;
  /** Makes a folder (0700) and those above it. Resolves to the topmost one made; null: it was there. */
  makeFolder(path: string): Promise<string | null>;
}

/** A file that is open for writing, at its beginning. */
export interface WritableFile {
  /** Writes all of `bytes`, after which the file holds nothing else; or rejects. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves once the content would survive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
