import { protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UNLOCK_ADDRESS } from '../../desktop/unlock/unlock-html.ts';
import { pageFile, PRIVILEGES, SCHEME } from '../../desktop/window/scheme.ts';
import { files } from '../paths.ts';

/** Declares the scheme's privileges. Must be called before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: PRIVILEGES }]);
}

/** Serves the window's built files, and the unlock page through `unlockPage`. Returns the undo. */
export function serveScheme(unlockPage: (request: Request) => Promise<Response>): () => void {
  protocol.handle(SCHEME, async (request) => {
    if (request.url === UNLOCK_ADDRESS) return unlockPage(request);
    const file = pageFile(request.url);
    if (file === null || request.method !== 'GET') return new Response(null, { status: 404 });
    try {
      const body = await readFile(join(files.renderer, file.path));
      return new Response(new Uint8Array(body), { headers: file.headers });
    } catch {
      return new Response(null, { status: 404 }); // Only files that ship with the app exist.
    }
  });
  return () => protocol.unhandle(SCHEME);
}
