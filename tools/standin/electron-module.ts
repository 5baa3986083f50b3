import { electron } from './electron.ts';

/** The default is the only export, so the CommonJS file built from it *is* the module. */
export default electron;
