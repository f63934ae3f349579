/** Names each step before it is taken and its time after, so that nobody wonders whether anything is happening. */
export class Phases {
  readonly started = Date.now();
  /** Milliseconds of each step that is over, by its name. */
  readonly timings: Record<string, number> = {};

  async run<T>(name: string, title: string, step: () => Promise<T>): Promise<T> {
    const started = Date.now();
    console.log(`• ${title} …`);
    const heartbeat = setInterval(() => console.log(`  … ${seconds(started)}`), 15_000);
    try {
      const result = await step();
      console.log(`  done in ${seconds(started)}`);
      return result;
    } finally {
      this.timings[name] = Date.now() - started;
      clearInterval(heartbeat);
    }
  }

  get elapsed(): string {
    return seconds(this.started);
  }
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
