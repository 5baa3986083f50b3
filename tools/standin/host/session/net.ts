import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strictObject } from '../../strict.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/**
 * Reads files itself; other requests use Node's network stack, not Chromium's.
 *
 * @see {@link https://www.electronjs.org/docs/latest/api/net}
 */
export const net = strictObject('net', {
  online: true,
  isOnline: (): boolean => true,
  fetch: async (input: string | Request, init?: RequestInit): Promise<Response> => {
    const url = typeof input === 'string' ? input : input.url;
    return url.startsWith('file:') ? fetchFile(url) : fetch(input, init);
  },
});

async function fetchFile(url: string): Promise<Response> {
  const path = fileURLToPath(url.split(/[?#]/, 1)[0] ?? url);
  const type = contentTypes[extname(path)] ?? 'application/octet-stream';
  try {
    return new Response(await readFile(path), { headers: { 'content-type': type } });
  } catch {
    // Chromium reports every unreadable file this way.
    throw new Error('net::ERR_FILE_NOT_FOUND');
  }
}
