'use strict';

// Read before the command line itself, which a Node that is too old could not even read. So this is written
// for old ones.

var found = process.versions.node.split('.').map(Number);

if (found[0] < 20 || (found[0] === 20 && found[1] < 19)) {
  process.stderr.write(
    'keyfob: this Node is too old (' +
      process.versions.node +
      '). Install Node 20.19 or newer, and see that it comes first on the PATH.\n',
  );
  process.exit(1);
}
