import { RetryableError } from './errors';
import type { ObjectStore } from './object-store';

/**
 * A store that is asked for nothing more once an invocation is over. Lambda freezes what was still under way, and goes on with it when the
 * process is next needed: hours later, under rules of then, that work would act on a verdict of now.
 */
export function storeUntil(store: ObjectStore, over: AbortSignal): ObjectStore {
  return new Proxy(store, {
    get: (target, name) => {
      const operation: unknown = Reflect.get(target, name);
      if (typeof operation !== 'function') return operation;
      return (...args: unknown[]) =>
        over.aborted
          ? Promise.reject(new RetryableError(`the invocation is over; ${String(name)} is left to the next try`))
          : Reflect.apply(operation, target, args);
    },
  });
}
