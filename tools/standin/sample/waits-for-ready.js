import { app } from 'electron';

// A mistake that is easily made: `ready` comes only after this module.
await app.whenReady();
