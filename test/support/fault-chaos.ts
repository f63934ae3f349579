import { RetryableError, ThrottledError } from '../../lambda/shared/errors';
import type { VirtualClock } from './fault-clock';
import type { Random } from './fault-random';

/** What can go wrong with one call. */
export const FAULTS = {
  /** The function dies; the request was not sent. */
  'crash before': 10,
  /** The function dies; the request was served. */
  'crash after': 10,
  'error before': 12,
  /** It was done, but the answer is lost. */
  'error after': 14,
  /** The caller gave up; it is done all the same, later. */
  'done late': 8,
  /** 503. */
  throttled: 8,
  /** 200, and an error in the body: nothing was done. Only what takes long is answered so. */
  '200 with error': 6,
  /** The SDK itself repeated a request whose first answer was lost. */
  twice: 8,
  /** The answer is long under way, and describes what may be no more. */
  stale: 8,
  /** The answer comes when the invocation is long over, and the next one thaws what it left behind. */
  frozen: 8,
  /** Somebody writes just before it is done. */
  'overtaken before': 14,
  /** Somebody writes just after it was done, before the answer arrives. */
  'overtaken after': 14,
} as const;

export type FaultKind = keyof typeof FAULTS;

/** The function, from a batch to its answer, or to its death. */
export interface Lifetime {
  readonly alive: boolean;
  kill(): void;
}

/** One call to anything outside the function. */
export interface Call {
  readonly operation: string;
  /** The object key that somebody could write to meanwhile. */
  readonly key?: string | undefined;
  /** Usual time on the way there and back. */
  readonly millis: number;
  /** After which the SDK gives up. */
  readonly timeoutMillis: number;
  /** Cuts it off. */
  readonly abort?: AbortSignal | undefined;
}

const NEVER = new Promise<never>(() => undefined);
const ANSWERED_200_BEFORE_DONE: readonly string[] = ['copy', 'copyAs', 'copyPart', 'completeCopy'];

const abortions = new WeakMap<AbortSignal, Promise<void>>();

/** One listener for all the calls that a signal cuts off. */
function aborted(signal: AbortSignal): Promise<void> {
  const known = abortions.get(signal);
  if (known !== undefined) return known;
  const abortion = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  abortions.set(signal, abortion);
  return abortion;
}

/** Sends calls on their way, and lets things happen to them there. */
export class Chaos {
  readonly injected = new Map<FaultKind, number>();
  calls = 0;

  constructor(
    private readonly clock: VirtualClock,
    private readonly random: Random,
    private readonly probability: number,
    /** Of faults; what follows is calm, so that everything ends. */
    private left: number,
    private readonly overtake: (key: string) => void,
    private readonly trace: (text: () => string) => void,
  ) {}

  stop(): void {
    this.left = 0;
  }

  get isOver(): boolean {
    return this.left === 0;
  }

  async around<T>(call: Call, life: Lifetime, perform: () => Promise<T>): Promise<T> {
    if (!life.alive) return NEVER;
    this.calls += 1;
    const fault = this.draw(call);
    if (fault !== undefined) this.trace(() => `  ${call.operation}: ${fault}`);
    await this.wait(call, life);
    // What was under way when its sender died may have arrived, or not.
    if (!life.alive) {
      if (this.random.chance(0.5)) await perform().catch(() => undefined);
      return NEVER;
    }
    this.beforehand(fault, call, life, perform);
    if (!life.alive) return NEVER;
    const answer = await this.performed(fault, perform);
    if (fault === 'overtaken after' && call.key !== undefined) this.overtake(call.key);
    if (fault === 'crash after') life.kill();
    if (life.alive) await this.wait(call, life, this.delayBy(fault, call));
    if (!life.alive) return NEVER;
    if (fault === 'error after') throw new RetryableError(`injected: the answer to ${call.operation} is lost`);
    return answer;
  }

  private delayBy(fault: FaultKind | undefined, { timeoutMillis }: Call): number {
    if (fault === 'stale') return this.random.between(timeoutMillis / 10, timeoutMillis);
    return fault === 'frozen' ? this.random.between(120_000, 600_000) : 0;
  }

  private draw({ operation, key }: Call): FaultKind | undefined {
    if (this.left === 0 || !this.random.chance(this.probability)) return undefined;
    const fault = this.random.weighted(FAULTS);
    if (fault === '200 with error' && !ANSWERED_200_BEFORE_DONE.includes(operation)) return undefined;
    if (fault.startsWith('overtaken') && key === undefined) return undefined;
    this.left -= 1;
    this.injected.set(fault, (this.injected.get(fault) ?? 0) + 1);
    return fault;
  }

  private async wait({ millis, abort, operation }: Call, life: Lifetime, more = 0): Promise<void> {
    const way = this.clock.sleep(Math.ceil(millis * this.random.next()) + more);
    if (abort === undefined) return way;
    await Promise.race([way, aborted(abort)]);
    if (abort.aborted && life.alive) throw new RetryableError(`${operation} was cut off`);
  }

  /** What keeps it from being done, or from being done now. */
  private beforehand(fault: FaultKind | undefined, { operation, key }: Call, life: Lifetime, perform: () => Promise<unknown>): void {
    switch (fault) {
      case 'crash before':
        life.kill();
        break;
      case 'error before':
        throw new RetryableError(`injected before ${operation}`);
      case 'throttled':
        throw new ThrottledError(`injected: ${operation} is answered 503`);
      case '200 with error':
        throw new RetryableError(`injected: ${operation} is answered 200, with an error in the body`);
      case 'done late':
        this.clock.in(this.random.between(1, 60_000), () => void perform().catch(() => undefined));
        throw new RetryableError(`injected: no answer to ${operation} in time`);
      case 'overtaken before':
        if (key !== undefined) this.overtake(key);
    }
  }

  private async performed<T>(fault: FaultKind | undefined, perform: () => Promise<T>): Promise<T> {
    if (fault !== 'twice') return perform();
    await perform().catch(() => undefined);
    await this.clock.sleep(this.random.between(1, 500));
    return perform();
  }
}
