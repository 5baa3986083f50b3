import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

// Starts the app as built. The Electron package fetches its runtime when it is first asked for it, from a
// place that not every machine reaches.

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
 * Where the runtime is; null: it cannot be had. Asked in a process of its own, because what the
 * download says of a failure is a page of stack, and the sentence above says what to do.
 */
function runtime() {
  // Electron's package writes this file once it has its runtime.
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
