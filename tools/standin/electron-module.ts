import { electron } from './electron.ts';

/** A default, and only that: so the CommonJS file that is built from it *is* the module. */
export default electron;
