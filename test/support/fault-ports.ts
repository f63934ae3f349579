import type { BatchPorts } from '../../lambda/encryption-enforcer/process-batch';
import type { ReadParameter } from '../../lambda/shared/bucket-rules';
import type { ObjectStore } from '../../lambda/shared/object-store';
import type { Call, Chaos } from './fault-chaos';
import type { VirtualClock } from './fault-clock';
import type { LoadedHandler } from './fault-handler';
import type { Invocation } from './fault-invocation';
import type { Ledger } from './fault-ledger';
import type { OwnWrites } from './fault-own-writes';
import type { FaultQueue, QueueName } from './fault-queue';
import type { Random } from './fault-random';
import type { FaultRules } from './fault-rules';
import type { Setting } from './fault-setting';
import type { Uploader } from './fault-uploads';
import { BUCKET, CONFIG } from './lambda-enforcer-world';
import { intercepted, type StoreCall } from './lambda-intercepted-store';

/** What an invocation meets. */
export interface Stage {
  readonly setting: Setting;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly handler: LoadedHandler;
  readonly store: ObjectStore;
  readonly rules: FaultRules;
  readonly uploader: Uploader;
  readonly ledger: Ledger;
  readonly ownWrites: OwnWrites;
  readonly chaos: Chaos;
  readonly queue: FaultQueue;
  readonly announced: Readonly<Record<string, unknown>>[];
  trace(text: () => string): void;
}

/** All that the function asks of the world outside, on its way through the chaos, and under the eyes of the ledger. */
export class FaultPorts {
  /** How often it put off a verdict. */
  waits = 0;

  constructor(private readonly on: Stage) {}

  of(life: Invocation): BatchPorts {
    const { clock, random, handler, store, uploader, chaos } = this.on;
    return {
      config: CONFIG,
      store: intercepted(store, (call, perform) => this.throughStore(call, life, perform)),
      rules: handler.rulesForInvocation(this.readParameter(life), CONFIG.rulePrefix),
      now: () => new Date(clock.now),
      remainingMillis: () => life.remainingMillis(),
      random: () => random.next(),
      measure: () => undefined,
      log: (message, detail) => {
        this.on.trace(() => `  log: ${message} ${JSON.stringify(detail)}`);
        if (message === 'object verified') life.hear(detail, uploader.written);
        if (message.startsWith('waits for')) this.waits += 1;
      },
      logError: (_, error) => this.on.trace(() => `  error: ${error}`),
      announce: (detail) =>
        chaos.around(this.call('announce', 100), life, async () => {
          life.announced.push(detail);
          this.on.announced.push(detail);
        }),
      send: (queue, body, delaySeconds) =>
        chaos.around(this.call('send', 100), life, async () => this.sendAnew(life, queue, body, delaySeconds)),
    };
  }

  private sendAnew(life: Invocation, queue: QueueName, body: string, delaySeconds: number): void {
    const { key, etag, versionId = 'null' } = JSON.parse(body).detail;
    const those = this.on.uploader.written.filter((each) => each.key === key && each.storedId === versionId);
    // CloudTrail tells no ETag.
    const about = those.filter((each) => etag === undefined || each.etag === etag);
    if (about.length === 0) this.on.ledger.breach('message without verdict', `sent anew about nothing: ${body}`);
    for (const each of about) life.passedOn.add(each);
    this.on.queue.send(queue, body, about, delaySeconds * 1000);
  }

  private readParameter(life: Invocation): ReadParameter {
    const environment = this.on.random.between(0, 1);
    return (_, { fresh }) => this.on.rules.read(environment, fresh, (answer) => this.on.chaos.around(this.call('rule', 50), life, answer));
  }

  private async throughStore<T>(call: StoreCall, life: Invocation, perform: () => Promise<T>): Promise<T> {
    const { bucket, key } = call.args[0] as { bucket?: string; key?: string };
    if (life.hasAnswered) this.on.ledger.breach('worked on after its end', `${call.operation} ${bucket ?? ''} ${key ?? ''}`);
    const isLong = call.operation === 'copyPart' || call.operation === 'completeCopy';
    const millis = isLong ? this.on.setting.partMillis : call.operation.startsWith('co') ? 2_000 : 200;
    const through: Call = {
      operation: call.operation,
      millis,
      timeoutMillis: 100_000,
      key: bucket === BUCKET ? key : this.on.random.pick(this.on.setting.keys),
      abort: isLong ? (call.args.at(-1) as AbortSignal) : undefined,
    };
    const answer = await this.on.chaos.around(through, life, () => {
      this.on.trace(() => `  ${call.operation} ${bucket ?? ''} ${key ?? ''} ${String(call.args[1] ?? '').slice(0, 9)}`);
      return this.on.ownWrites.watch(call, life.startedAt, this.isOnlySaid(call) ? async () => ({ status: 'rekeyed' }) as T : perform);
    });
    this.on.ledger.arrived(call, answer);
    return answer;
  }

  /** S3 says that it is encrypted anew, and it is not. */
  private isOnlySaid({ operation }: StoreCall): boolean {
    return operation === 'rekey' && this.on.setting.faultRate > 0 && !this.on.chaos.isOver && this.on.random.chance(0.1);
  }

  private call(operation: string, millis: number): Call {
    return { operation, millis, timeoutMillis: 10_000, key: this.on.random.pick(this.on.setting.keys) };
  }
}
