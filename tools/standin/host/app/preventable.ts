import type { EventEmitter } from 'node:events';

/** The first argument of Electron's events. */
export class PreventableEvent {
  defaultPrevented = false;

  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/** An event that also carries the given properties, as Electron's details objects do. */
export function eventWith<T extends object>(properties: T): PreventableEvent & T {
  // Getters must stay getters, so the descriptors are copied and not the values.
  return Object.defineProperties(
    new PreventableEvent(),
    Object.getOwnPropertyDescriptors(properties),
  ) as PreventableEvent & T; // defineProperties() keeps only the type of its first argument
}

/** Emits an event that listeners may prevent. True: nobody did. */
export function emitPreventable(
  emitter: EventEmitter,
  name: string,
  event = new PreventableEvent(),
  ...args: readonly unknown[]
): boolean {
  emitter.emit(name, event, ...args);
  return !event.defaultPrevented;
}
