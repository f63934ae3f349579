import type { IConstruct } from 'constructs';

/**
 * What this library remembers about somebody else's construct. Kept on the construct, under a name that is the same in every
 * copy of this module: an app can come to hold two.
 */
export class Memory<T> {
  private readonly key: symbol;

  constructor(name: string) {
    this.key = Symbol.for(`cdk-s3-encryption-guard.${name}`);
  }

  of(construct: IConstruct): T | undefined {
    return Reflect.get(construct, this.key);
  }

  set(construct: IConstruct, value: T): void {
    Object.defineProperty(construct, this.key, { value, configurable: true, enumerable: false });
  }
}
