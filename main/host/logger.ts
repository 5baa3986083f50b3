import type { Log, LogFields } from '../accounts/ports.ts';

/** From the most to the least that is logged. */
export const LOG_LEVELS = ['debug', 'info', 'warn'] as const;

/** The log level; each includes the ones after it. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Parses a log level; null: there is no such level. */
export function readLogLevel(name: string): LogLevel | null {
  return LOG_LEVELS.find((level) => level === name) ?? null;
}

/**
 * Logs one line per event: time, level, event, `key=value`. A field can't hold a `Secret`, by its type; text
 * is quoted, so that text from a server can't forge a line.
 */
export function lineLog(level: LogLevel, now: () => number, write: (line: string) => void): Log {
  const log = (of: LogLevel, event: string, fields: LogFields = {}) => {
    if (LOG_LEVELS.indexOf(of) < LOG_LEVELS.indexOf(level)) return;
    const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
    write(`${new Date(now()).toISOString()} ${of} ${event}${pairs.join('')}\n`);
  };
  return {
    debug: (event, fields) => log('debug', event, fields),
    info: (event, fields) => log('info', event, fields),
    warn: (event, fields) => log('warn', event, fields),
    bug: (event, error) => log('warn', event, { bug: describeBug(error) }),
  };
}

/** Name, message and stack of an error, without its cause, which may hold a response body. */
function describeBug(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
