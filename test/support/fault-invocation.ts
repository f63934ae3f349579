import type { SQSEvent } from 'aws-lambda';
import { sqsRecord } from './events';
import type { Lifetime } from './fault-chaos';
import type { VirtualClock } from './fault-clock';
import type { Ledger } from './fault-ledger';
import type { Message } from './fault-queue';
import { isNull, type Uploaded } from './fault-uploads';
import { CONFIG } from './lambda-enforcer-world';

type Detail = Readonly<Record<string, unknown>>;

/** Of the function; a batch that takes longer fails whole. */
const TIMEOUT_MILLIS = 120_000;

/** One run of the function: its time, its death, and all that it said. */
export class Invocation implements Lifetime {
  alive = true;
  /** Lambda has its answer. What is still under way is frozen, and may go on in the next invocation. */
  hasAnswered = false;
  readonly startedAt: number;
  readonly died: Promise<undefined>;
  readonly verdicts: Detail[] = [];
  readonly announced: Detail[] = [];
  readonly passedOn = new Set<Uploaded>();
  private die: () => void = () => undefined;

  constructor(
    private readonly clock: VirtualClock,
    private readonly ledger: Ledger,
  ) {
    this.startedAt = clock.now;
    this.died = new Promise((resolve) => {
      this.die = () => resolve(undefined);
    });
  }

  kill(): void {
    this.alive = false;
    this.die();
  }

  remainingMillis(): number {
    return this.startedAt + TIMEOUT_MILLIS - this.clock.now;
  }

  /** Of a verdict on a version with an id of its own, one can say whether it is true. */
  hear(detail: Detail, written: readonly Uploaded[]): void {
    this.verdicts.push(detail);
    const object = written.find((each) => !isNull(each) && each.storedId === detail['versionId']);
    if (object !== undefined && !this.isTrue(detail['outcome'], object)) {
      this.ledger.breach('false verdict', `${detail['outcome']}: ${object.key} ${object.id} (${object.kind})`);
    }
  }

  /** Messages may leave the queue only once there is a verdict on all that they are about, or another message has taken over. */
  checkDone(messages: readonly Message[]): void {
    for (const message of messages) {
      const forgotten = message.about.find((object) => !this.isAnswered(object));
      if (forgotten !== undefined) this.ledger.breach('message without verdict', `${message.id} on ${forgotten.key} ${forgotten.id}`);
    }
  }

  private isTrue(outcome: unknown, object: Uploaded): boolean {
    const { where, removed, oracle } = this.ledger;
    const isThere = where.inSource(object) !== undefined;
    const verdicts = oracle.verdictsWithin(object, this.startedAt, this.clock.now, this.startedAt - oracle.oldestRuleMillis);
    switch (outcome) {
      case 'compliant':
        return verdicts.has(true);
      case 'gone':
        // What CloudTrail says of a re-keying has no ETag by which its receipt could be found; its own event told of it.
        return !isThere && (!removed.has(object) || isMended(object));
      case 'quarantined':
        return !isThere && (object.discarded || where.receiptsFor(object).length > 0);
      case 're-encrypted':
        return isMended(object) || where.standInsFor(object).length > 0;
      default:
        return verdicts.has(false);
    }
  }

  private isAnswered(object: Uploaded): boolean {
    if (this.passedOn.has(object)) return true;
    const isAbout = (detail: Detail) => detail['key'] === object.key && (detail['versionId'] ?? 'null') === object.storedId;
    return this.verdicts.filter(isAbout).some(({ requested }) => requested === undefined) || this.announced.some(isAbout);
  }
}

export function eventOf(messages: readonly Message[], queue: Message['queue']): SQSEvent {
  const arn = queue === 'events' ? 'arn:aws:sqs:eu-west-1:111122223333:events' : CONFIG.queues.largeObjectsArn;
  const records = messages.map(({ id, body, sentAt }) => {
    const record = sqsRecord(id, body);
    return { ...record, eventSourceARN: arn, attributes: { ...record.attributes, SentTimestamp: String(sentAt) } };
  });
  return { Records: records };
}

function isMended({ encrypted }: Uploaded): boolean {
  return encrypted.length > 1;
}
