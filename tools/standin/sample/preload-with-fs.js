// eslint-disable-next-line @typescript-eslint/no-require-imports -- what a sandboxed preload may not do
require('fs');
