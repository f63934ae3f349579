export interface Timer {
  readonly at: number;
  readonly act: () => void;
  cancelled: boolean;
}

/**
 * Time that passes only when nothing else is left to do, so that minutes of waiting cost nothing, and what happens in which
 * order is decided by the seed alone.
 */
export class VirtualClock {
  /** Latest first, so that the next one is at the end. */
  private readonly timers: Timer[] = [];

  constructor(public now: number) {}

  in(millis: number, act: () => void): Timer {
    const timer: Timer = { at: this.now + Math.max(0, millis), act, cancelled: false };
    let place = this.timers.length;
    while (place > 0 && (this.timers[place - 1] as Timer).at <= timer.at) place -= 1;
    this.timers.splice(place, 0, timer);
    return timer;
  }

  sleep(millis: number): Promise<void> {
    return new Promise((resolve) => {
      this.in(millis, resolve);
    });
  }

  /** Until nobody waits for anything. False if that does not come. */
  async runUntilQuiet(mostSteps: number): Promise<boolean> {
    for (let steps = 0; steps < mostSteps; steps += 1) {
      const next = this.timers.pop();
      if (next === undefined) return true;
      if (next.cancelled) continue;
      this.now = next.at;
      next.act();
      // Lets everything that this woke up run as far as it can.
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
    }
    return false;
  }

  /** What code that waits by itself is given in place of Node's own. */
  timerGlobals() {
    return {
      setTimeout: (act: () => void, millis: number) => this.in(millis, act),
      clearTimeout: (timer: Timer | undefined) => {
        if (timer !== undefined) timer.cancelled = true;
      },
      AbortSignal: {
        timeout: (millis: number): AbortSignal => {
          const controller = new AbortController();
          this.in(millis, () => controller.abort());
          return controller.signal;
        },
      },
    };
  }
}
