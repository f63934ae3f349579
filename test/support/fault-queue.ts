import type { VirtualClock } from './fault-clock';
import type { Random } from './fault-random';
import type { Uploaded } from './fault-uploads';

export type QueueName = 'events' | 'large-objects';

export interface Message {
  readonly id: string;
  readonly queue: QueueName;
  readonly body: string;
  /** What it is about; empty for what is no event at all. */
  readonly about: readonly Uploaded[];
  /** Milliseconds, by the clock of SQS; a redrive sends anew. */
  sentAt: number;
  receives: number;
  state: 'waiting' | 'hidden' | 'done' | 'dead';
}

export interface QueueSettings {
  readonly visibilityMillis: number;
  readonly mostReceives: number;
  /** Invocations at a time. */
  readonly concurrency: number;
  readonly mostInBatch: number;
}

/** Gives the messages that are done with; undefined where the invocation never answered. */
export type Invoke = (queue: QueueName, batch: readonly Message[]) => Promise<readonly Message[] | undefined>;

/** What the two queues of an enforcer, their dead-letter queue, and the poller of Lambda do. */
export class FaultQueue {
  readonly messages: Message[] = [];
  private readonly running: Record<QueueName, number> = { events: 0, 'large-objects': 0 };

  constructor(
    private readonly clock: VirtualClock,
    private readonly random: Random,
    private readonly settings: QueueSettings,
    private readonly invoke: Invoke,
  ) {}

  send(queue: QueueName, body: string, about: readonly Uploaded[], delayMillis: number): void {
    const message: Message = {
      id: `m${this.messages.length + 1}`,
      queue,
      body,
      about,
      sentAt: this.clock.now,
      receives: 0,
      state: 'hidden',
    };
    this.messages.push(message);
    this.showIn(message, delayMillis);
  }

  get dead(): readonly Message[] {
    return this.messages.filter(({ state }) => state === 'dead');
  }

  /** As an operator does. */
  redrive(messages: readonly Message[]): void {
    for (const message of messages) {
      message.receives = 0;
      message.sentAt = this.clock.now;
      message.state = 'hidden';
      this.showIn(message, 0);
    }
  }

  private showIn(message: Message, millis: number): void {
    this.clock.in(millis, () => {
      if (message.state !== 'hidden') return;
      message.state = 'waiting';
      this.poll(message.queue);
    });
  }

  private poll(queue: QueueName): void {
    while (this.running[queue] < this.settings.concurrency) {
      const batch = this.receive(queue);
      if (batch.length === 0) return;
      this.running[queue] += 1;
      void this.process(queue, batch);
    }
  }

  private receive(queue: QueueName): Message[] {
    const most = queue === 'events' ? this.random.between(1, this.settings.mostInBatch) : 1;
    const batch: Message[] = [];
    for (const message of this.messages) {
      if (batch.length === most) break;
      if (message.state !== 'waiting' || message.queue !== queue) continue;
      // SQS gives no order.
      if (this.random.chance(0.2) && batch.length > 0) continue;
      if (message.receives === this.settings.mostReceives) {
        message.state = 'dead';
        continue;
      }
      message.receives += 1;
      message.state = 'hidden';
      batch.push(message);
    }
    return batch;
  }

  private async process(queue: QueueName, batch: readonly Message[]): Promise<void> {
    // Received again once its time is up, whatever became of the invocation.
    for (const message of batch) this.showIn(message, this.settings.visibilityMillis);
    const done = await this.invoke(queue, batch);
    for (const message of done ?? []) message.state = 'done';
    this.running[queue] -= 1;
    this.poll(queue);
  }
}
