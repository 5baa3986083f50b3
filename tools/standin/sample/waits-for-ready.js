import { app } from 'electron';

// An easy mistake: `ready` is emitted only after this module has loaded.
await app.whenReady();
