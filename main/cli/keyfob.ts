#!/usr/bin/env node
import { main } from './main.ts';
import { processIo } from './terminal/process-io.ts';

// A promise and not `await`: so this can be bundled into a CommonJS file as well.
void main(process.argv.slice(2), processIo()).then((exitCode) => {
  process.exitCode = exitCode;
});
