import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { logTo } from '../../../main/electron/system/log-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyfob-log-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('logTo() keeps writing after the terminal is closed', () => {
  const path = join(folder, 'keyfob.log');
  const log = logTo(path);
  process.stderr.emit('error', new Error('write EPIPE')); // unheard, it would be thrown here
  log('a line\n');
  expect(readFileSync(path, 'utf8')).toBe('a line\n');
});
