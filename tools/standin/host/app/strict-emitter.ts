import { EventEmitter } from 'node:events';
import { refusing } from '../../strict.ts';

/**
 * A base class: Node's emitter, except that reading a name that neither it nor the subclass has throws, on
 * instances and on the class itself.
 *
 * @param absent names that are undefined on this platform in Electron too
 */
export function strictEmitter(name: string, absent: readonly string[] = []): typeof EventEmitter {
  class Strict extends refusing(EventEmitter, name, absent) {}
  const emitter = Object.create(
    refusing(Object.prototype, name, absent),
    Object.getOwnPropertyDescriptors(EventEmitter.prototype),
  ) as object; // Object.create() says any
  Object.setPrototypeOf(Strict.prototype, emitter);
  return Strict as unknown as typeof EventEmitter; // the same signatures: nothing was added
}
