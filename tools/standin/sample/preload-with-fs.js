// eslint-disable-next-line @typescript-eslint/no-require-imports -- a sandboxed preload may not require it
require('fs');
