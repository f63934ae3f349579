import type { Writable } from 'node:stream';

/**
 * Lines that are logged in one turn of the event loop leave the process in one write: to write, and to wake up whoever reads, takes
 * longer than to make a line. What dies loses no more than the lines of that turn, and their messages come again.
 */
export class LogWrites {
  constructor(private readonly stream: Pick<Writable, 'cork' | 'uncork' | 'writableCorked'>) {}

  /** Before a line is logged. */
  gather(): void {
    if (this.stream.writableCorked > 0) return;
    this.stream.cork();
    setImmediate(() => this.flush());
  }

  /** Before an invocation is answered: Lambda may then freeze the process. */
  flush(): void {
    this.stream.uncork();
  }
}
