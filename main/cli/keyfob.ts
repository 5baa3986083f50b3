#!/usr/bin/env node
import { main } from './main.ts';
import { processIo } from './terminal/process-io.ts';

// No top-level `await`, so that this can be bundled as CommonJS too.
void main(process.argv.slice(2), processIo()).then((exitCode) => {
  process.exitCode = exitCode;
});
