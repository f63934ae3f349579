import { RetryableError } from '../../lambda/shared/errors';
import type { ObjectStore } from '../../lambda/shared/object-store';

export type Operation = keyof ObjectStore;

/** One call of the store, with its place in the row of all calls, from 0. */
export interface StoreCall {
  readonly operation: Operation;
  readonly args: readonly unknown[];
  readonly index: number;
}

export type Around = <T>(call: StoreCall, perform: () => Promise<T>) => Promise<T>;

/** Each call of the store goes through `around`, which can look, wait, act or fail before and after it. */
export function intercepted(store: ObjectStore, around: Around): ObjectStore {
  let index = 0;
  const through = <T>(operation: Operation, args: readonly unknown[], perform: () => Promise<T>) => {
    const call = { operation, args, index };
    index += 1;
    return around(call, perform);
  };
  return {
    head: (...args) => through('head', args, () => store.head(...args)),
    headWithThrowAwayKey: (...args) => through('headWithThrowAwayKey', args, () => store.headWithThrowAwayKey(...args)),
    headWithChecksum: (...args) => through('headWithChecksum', args, () => store.headWithChecksum(...args)),
    startCopy: (...args) => through('startCopy', args, () => store.startCopy(...args)),
    findCopy: (...args) => through('findCopy', args, () => store.findCopy(...args)),
    copiedParts: (...args) => through('copiedParts', args, () => store.copiedParts(...args)),
    copyPart: (...args) => through('copyPart', args, () => store.copyPart(...args)),
    completeCopy: (...args) => through('completeCopy', args, () => store.completeCopy(...args)),
    abandonCopy: (...args) => through('abandonCopy', args, () => store.abandonCopy(...args)),
    copy: (...args) => through('copy', args, () => store.copy(...args)),
    copyAs: (...args) => through('copyAs', args, () => store.copyAs(...args)),
    deleteVersion: (...args) => through('deleteVersion', args, () => store.deleteVersion(...args)),
    deleteCurrent: (...args) => through('deleteCurrent', args, () => store.deleteCurrent(...args)),
    rekey: (...args) => through('rekey', args, () => store.rekey(...args)),
    annotations: (...args) => through('annotations', args, () => store.annotations(...args)),
    tags: (...args) => through('tags', args, () => store.tags(...args)),
    replaceTags: (...args) => through('replaceTags', args, () => store.replaceTags(...args)),
    putDocument: (...args) => through('putDocument', args, () => store.putDocument(...args)),
    readDocument: (...args) => through('readDocument', args, () => store.readDocument(...args)),
  };
}

/** Does something just before, or just after, the first call of an operation. */
export function meanwhile(store: ObjectStore, when: 'before' | 'after', operation: Operation, act: () => void): ObjectStore {
  let done = false;
  return intercepted(store, async (call, perform) => {
    const now = !done && call.operation === operation;
    if (now && when === 'before') act();
    const answer = await perform();
    if (now && when === 'after') act();
    done ||= now;
    return answer;
  });
}

/** Writes down which operations were called. */
export function watched(store: ObjectStore): { store: ObjectStore; calls: StoreCall[] } {
  const calls: StoreCall[] = [];
  return {
    calls,
    store: intercepted(store, (call, perform) => {
      calls.push(call);
      return perform();
    }),
  };
}

export interface Fault {
  /** Which call fails, counted over all tries. */
  readonly call: number;
  /** `after`: S3 did it, but the answer was lost. */
  readonly when: 'before' | 'after';
}

/** Fails as S3 does when it is overloaded or the network breaks. */
export function failing(faults: readonly Fault[]): Around {
  return async ({ index, operation }, perform) => {
    const fault = faults.find(({ call }) => call === index);
    if (fault?.when === 'before') throw new RetryableError(`injected before ${operation}`);
    const answer = await perform();
    if (fault?.when === 'after') throw new RetryableError(`injected after ${operation}`);
    return answer;
  };
}
