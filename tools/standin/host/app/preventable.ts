import type { EventEmitter } from 'node:events';

/** The first argument of Electron's events. */
export class PreventableEvent {
  defaultPrevented = false;

  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/** An event with additional properties, like Electron's details objects. */
export function eventWith<T extends object>(properties: T): PreventableEvent & T {
  // Copies the descriptors rather than the values, so getters stay getters.
  return Object.defineProperties(
    new PreventableEvent(),
    Object.getOwnPropertyDescriptors(properties),
  ) as PreventableEvent & T; // defineProperties() keeps only the type of its first argument
}

/** Emits an event that listeners may prevent. Returns true if none did. */
export function emitPreventable(
  emitter: EventEmitter,
  name: string,
  event = new PreventableEvent(),
  ...args: readonly unknown[]
): boolean {
  emitter.emit(name, event, ...args);
  return !event.defaultPrevented;
}
