/** Keyfob's version. Every bundle holds the number alone, not the file it comes from. */
export { version } from '../../package.json';
