import { EventEmitter } from 'node:events';

/**
 * Makes an object's methods throw from now on, as Electron's do once the native object is destroyed. The
 * emitter's methods and `isDestroyed()` still work.
 */
export function refuseFromNowOn(object: object): void {
  const alive = Object.getPrototypeOf(object) as object; // an instance of a class, so it has a prototype
  const gone = new Proxy(alive, {
    get(_, key, receiver): unknown {
      const value: unknown = Reflect.get(alive, key, receiver);
      const stays = typeof key === 'symbol' || key.startsWith('_') || key in EventEmitter.prototype;
      if (stays || key === 'isDestroyed' || typeof value !== 'function') return value;
      return () => {
        throw new TypeError('Object has been destroyed');
      };
    },
  });
  Object.setPrototypeOf(object, gone);
}
