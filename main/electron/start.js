import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

// Starts the built app. The Electron package downloads its runtime on first use, which fails on machines
// without access to the download server.

const root = join(import.meta.dirname, '../..');

if (!existsSync(join(root, 'out/main/main.js'))) {
  fail("The app isn't built yet. Run npm run build first.");
} else {
  const electron = runtime();
  if (electron === null) {
    fail(
      "The Electron runtime is missing and couldn't be downloaded. npm run preview shows the app without it; keyfob agent and keyfob login work in a terminal.",
    );
  } else {
    const app = spawn(electron, [root, ...process.argv.slice(2)], { stdio: 'inherit' });
    app.on('exit', (code) => (process.exitCode = code ?? 1));
  }
}

/**
 * The runtime's path; null: it isn't available. Runs in a process of its own to hide the stack trace of a
 * failed download: the message above says what to do.
 */
function runtime() {
  // Electron's package writes this file once the runtime is downloaded.
  const isHere = existsSync(join(root, 'node_modules/electron/path.txt'));
  if (!isHere && process.env.ELECTRON_OVERRIDE_DIST_PATH === undefined) {
    process.stderr.write(
      'Downloading the Electron runtime, about 100 MB. This happens only once.\n',
    );
  }
  const asked = spawnSync(process.execPath, ['-p', "require('electron')"], {
    cwd: root,
    encoding: 'utf8',
  });
  return asked.status === 0 ? asked.stdout.trim().split('\n').at(-1) : null;
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
