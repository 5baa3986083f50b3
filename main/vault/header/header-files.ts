import { join } from 'node:path';
import type { VaultFailure } from '../../../common/failure.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import { writeDurably } from '../files/atomic-file.ts';
import { onDisk, readIfThere } from '../files/disk-failure.ts';
import type { FileLayer } from '../files/file-layer.ts';
import { readHeader, writeHeader } from './header.ts';
import type { Header, HeaderReading } from './header.ts';
import { quarantine } from '../records/quarantine.ts';

/** Written first: if both files are intact but differ, this is the newer one. */
const HEADER = 'vault.json';
/** A second copy: without the header every record is lost, so one bad sector must not destroy it. */
const COPY = 'vault.copy.json';

type Reading = HeaderReading | Readonly<{ kind: 'missing' }>;

/** The header of the vault in `folder`; null: there is none. Changes nothing. */
export async function readHeaderFiles(
  folder: string,
  files: FileLayer,
): Promise<Result<Header | null, VaultFailure>> {
  const first = await readOne(join(folder, HEADER), files);
  if (!first.ok) return first;
  if (first.value.kind === 'read') return ok(first.value.header);
  if (first.value.kind === 'newer')
    return err({ code: 'vault-newer', version: first.value.version });
  const second = await readOne(join(folder, COPY), files);
  if (!second.ok) return second;
  if (second.value.kind === 'read') return ok(second.value.header);
  if (second.value.kind === 'newer')
    return err({ code: 'vault-newer', version: second.value.version });
  const neverMade = first.value.kind === 'missing' && second.value.kind === 'missing';
  return neverMade
    ? ok(null)
    : err({ code: 'vault-corrupt', quarantine: null, why: 'header-damaged' });
}

/** Writes both copies of the header durably. Succeeds only if both are written. */
export async function writeHeaderFiles(
  folder: string,
  header: Header,
  files: FileLayer,
): Promise<Result<void, VaultFailure>> {
  const bytes = writeHeader(header);
  const written = await writeDurably(join(folder, HEADER), bytes, files);
  return written.ok ? writeDurably(join(folder, COPY), bytes, files) : written;
}

/**
 * Rewrites the copies that are missing, outdated or damaged. A damaged one is quarantined, never
 * overwritten.
 */
export async function mendHeaderFiles(
  folder: string,
  header: Header,
  now: number,
  files: FileLayer,
): Promise<Result<void, VaultFailure>> {
  const bytes = writeHeader(header);
  for (const path of [join(folder, HEADER), join(folder, COPY)]) {
    const found = await onDisk(path, () => readIfThere(files, path), 'read');
    if (!found.ok) return found;
    if (found.value !== null && Buffer.from(bytes).equals(found.value)) continue;
    if (found.value !== null && readHeader(found.value).kind === 'damaged') {
      const moved = await quarantine(path, now, files);
      if (!moved.ok) return moved;
    }
    const written = await writeDurably(path, bytes, files);
    if (!written.ok) return written;
  }
  return ok(undefined);
}

async function readOne(path: string, files: FileLayer): Promise<Result<Reading, VaultFailure>> {
  const read = async (): Promise<Reading> => {
    const bytes = await readIfThere(files, path);
    return bytes === null ? { kind: 'missing' } : readHeader(bytes);
  };
  return onDisk(path, read, 'read');
}
