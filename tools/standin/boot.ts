import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setUpProcess } from './host/app/process-face.ts';

// Loaded before any code of the app: makes `electron` and its submodules lead to the stand-in, for `require`
// (CommonJS, `-r` modules, and the inspector's own, by which Playwright reaches the module) and for `import`.

type ResolveFilename = (request: string, ...rest: unknown[]) => string;
// Not a documented Node API, but no other hook reaches the inspector's `require`.
const loader = module as unknown as { _resolveFilename: ResolveFilename };

const forRequire = join(__dirname, 'electron.cjs');
const forImport = pathToFileURL(join(__dirname, 'electron.mjs')).href;
const ours = /^electron(\/(main|common|renderer))?$/;

const resolveFilename = loader._resolveFilename;
loader._resolveFilename = function (this: unknown, request, ...rest) {
  return ours.test(request) ? forRequire : resolveFilename.call(this, request, ...rest);
};

// Node loads both lazily. Loading them here avoids a race seen once: when the inspector requested one while the
// other was loading, it got neither, and the page was never served.
for (const name of ['performance', 'Response']) Reflect.get(globalThis, name);

// Node 22.15 and later resolve in this thread; earlier versions need a loader thread.
if (typeof module.registerHooks === 'function') {
  module.registerHooks({
    resolve(specifier, context, next) {
      if (!ours.test(specifier)) return next(specifier, context);
      const isRequire = context.conditions.includes('require');
      const url = isRequire ? pathToFileURL(forRequire).href : forImport;
      return { url, shortCircuit: true };
    },
  });
} else {
  const source = `export const resolve = (specifier, context, next) =>
    ${String(ours)}.test(specifier)
      ? { url: ${JSON.stringify(forImport)}, shortCircuit: true }
      : next(specifier, context);`;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- Node 20 has nothing else
  module.register(`data:text/javascript,${encodeURIComponent(source)}`);
}

setUpProcess();
