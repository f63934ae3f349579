import type { BatchPorts } from '../../lambda/encryption-enforcer/process-batch';
import type { ReadParameter } from '../../lambda/shared/bucket-rules';
import { type Call, Chaos, type FaultKind } from './fault-chaos';
import { VirtualClock } from './fault-clock';
import { checkEnding } from './fault-endings';
import { messagesAbout } from './fault-events';
import type { LoadedHandler } from './fault-handler';
import { eventOf, Invocation } from './fault-invocation';
import { type Breach, Ledger } from './fault-ledger';
import { FaultQueue, type Message, type QueueName } from './fault-queue';
import { Random } from './fault-random';
import { FaultRules } from './fault-rules';
import { FaultStore } from './fault-store';
import { type Uploaded, Uploader } from './fault-uploads';
import type { Versioning } from './in-memory-object-store';
import { BUCKET, CONFIG, NOW, QUARANTINE } from './lambda-enforcer-world';
import { intercepted, type StoreCall } from './lambda-intercepted-store';

const HOUR_MILLIS = 3_600_000;
/** Far more than any schedule takes. */
const MOST_STEPS = 50_000;
const NOT_AN_EVENT = '{"Records":';

export interface ScheduleResult {
  readonly seed: number;
  readonly breaches: readonly Breach[];
  readonly injected: ReadonlyMap<FaultKind, number>;
  readonly calls: number;
  readonly uploads: number;
  readonly moved: number;
  readonly deadLetters: number;
  /** How often a large object was sent on to another invocation. */
  readonly continued: number;
  readonly leftOpen: number;
  readonly trace: readonly string[];
}

/** All that one seed stands for: who writes what and when, how messages travel, what fails, and in which order. */
export async function runSchedule(seed: number, handler: LoadedHandler, traced = false): Promise<ScheduleResult> {
  return new Schedule(seed, handler, traced).run();
}

class Schedule {
  private readonly random: Random;
  private readonly clock = new VirtualClock(Date.parse(NOW));
  private readonly store = new FaultStore();
  private readonly lines: string[] = [];
  private readonly rules: FaultRules;
  private readonly announced: Readonly<Record<string, unknown>>[] = [];
  private readonly keys: readonly [string, ...string[]];
  private readonly faultRate: number;
  private readonly partMillis: number;
  private readonly uploader: Uploader;
  private readonly ledger: Ledger;
  private readonly chaos: Chaos;
  private readonly queue: FaultQueue;

  constructor(
    private readonly seed: number,
    private readonly handler: LoadedHandler,
    private readonly traced: boolean,
  ) {
    const random = new Random(seed);
    this.random = random;
    const versioning = random.pick<Versioning>(['never', 'enabled', 'enabled', 'suspended']);
    this.store.createBucket(BUCKET, versioning);
    this.store.createBucket(QUARANTINE, 'enabled');
    this.keys = random.pick<[string, ...string[]]>([['a'], ['a'], ['a', 'b/c d'], ['a', 'b', 'ü']]);
    this.rules = new FaultRules(random.chance(0.8) ? 'kms' : 's3', () => this.clock.now);
    this.faultRate = random.pick([0, 0.03, 0.08, 0.15, 0.25]);
    this.partMillis = random.pick([2_000, 30_000, 60_000]);
    const trace = (text: () => string) => this.trace(text);
    const habit = random.chance(0.2) ? 'large' : 'usual';
    this.uploader = new Uploader(this.store, BUCKET, versioning, this.clock, random, habit, (object) => this.announceWrite(object), trace);
    this.ledger = new Ledger(this.store, this.uploader, this.rules.history, () => this.clock.now);
    this.chaos = new Chaos(this.clock, random, this.faultRate, random.between(1, 14), (key) => this.uploader.act(key), trace);
    const settings = {
      visibilityMillis: this.faultRate === 0 ? 720_000 : random.pick([720_000, 720_000, 30_000]),
      mostReceives: 5,
      concurrency: random.between(1, 3),
      mostInBatch: random.pick([1, 3, 10]),
    };
    this.queue = new FaultQueue(this.clock, random, settings, (queue, batch) => this.invoke(queue, batch));
    this.trace(() => `versioning ${versioning}, rule ${this.rules.accepted}, faults ${this.faultRate}, ${JSON.stringify(settings)}`);
  }

  async run(): Promise<ScheduleResult> {
    this.handler.clock = this.clock;
    this.plan();
    await this.untilQuiet();
    this.checkCalm();
    this.check();
    const deadLetters = this.queue.dead.length;
    await this.redrive();
    this.check();
    if (this.queue.dead.some(({ about }) => about.length > 0))
      this.ledger.breach('dead for no reason', 'redriven without faults, and dead again');
    const { injected, calls } = this.chaos;
    const { breaches, removed } = this.ledger;
    const leftOpen = this.store.multipart.openUploads;
    const continued = this.queue.messages.filter(({ queue }) => queue === 'large-objects').length;
    return {
      seed: this.seed,
      breaches,
      injected,
      calls,
      uploads: this.uploader.written.length,
      moved: removed.size,
      deadLetters,
      continued,
      leftOpen,
      trace: this.lines,
    };
  }

  private plan(): void {
    const { random, clock } = this;
    for (const key of this.keys) {
      clock.in(random.between(0, 2_000), () => this.uploader.put(key));
      for (let more = random.between(0, 3); more > 0; more -= 1) clock.in(random.between(0, 200_000), () => this.uploader.act(key));
    }
    if (random.chance(0.25)) clock.in(random.between(1, 120_000), () => this.changeRule());
    if (random.chance(0.05)) this.queue.send('events', NOT_AN_EVENT, [], 0);
  }

  private changeRule(): void {
    this.rules.change();
    this.trace(() => `rule: ${this.rules.accepted}`);
  }

  private announceWrite(object: Uploaded): void {
    for (const { body, about, delayMillis } of messagesAbout(object, this.uploader.written, this.random)) {
      this.queue.send('events', body, about, delayMillis);
    }
  }

  private async invoke(queue: QueueName, batch: readonly Message[]): Promise<readonly Message[] | undefined> {
    const life = new Invocation(this.clock, this.ledger, this.rules.history);
    this.trace(
      () => `invoked for ${batch.map(({ id, receives, about }) => `${id}(${about.map((each) => each.id)})#${receives}`).join(' ')}`,
    );
    this.clock.in(life.remainingMillis(), () => {
      if (!life.hasAnswered) life.kill();
    });
    const answer = await Promise.race([this.handler.processBatch(eventOf(batch, queue), this.portsFor(life)), life.died]);
    this.trace(
      () => `answer ${answer === undefined ? 'none' : JSON.stringify(answer.batchItemFailures.map((each) => each.itemIdentifier))}`,
    );
    if (answer === undefined) return undefined;
    life.hasAnswered = true;
    // What is left behind goes on in the next invocation, or never.
    if (this.random.chance(0.5)) life.kill();
    const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const done = batch.filter(({ id }) => !failed.has(id));
    life.checkDone(done);
    return done;
  }

  private portsFor(life: Invocation): BatchPorts {
    const { random } = this;
    return {
      config: CONFIG,
      store: intercepted(this.store, (call, perform) => this.throughStore(call, life, perform)),
      rules: this.handler.rulesForInvocation(this.readParameter(life), CONFIG.rulePrefix),
      now: () => new Date(this.clock.now),
      remainingMillis: () => life.remainingMillis(),
      random: () => random.next(),
      measure: () => undefined,
      log: (message, detail) => {
        this.trace(() => `  log: ${message} ${JSON.stringify(detail)}`);
        if (message === 'object verified') life.hear(detail, this.uploader.written);
      },
      logError: (_, error) => this.trace(() => `  error: ${error}`),
      announce: (detail) =>
        this.chaos.around(this.call('announce', 100), life, async () => {
          life.announced.push(detail);
          this.announced.push(detail);
        }),
      send: (queue, body, delaySeconds) =>
        this.chaos.around(this.call('send', 100), life, async () => this.sendAnew(life, queue, body, delaySeconds)),
    };
  }

  private sendAnew(life: Invocation, queue: QueueName, body: string, delaySeconds: number): void {
    const { key, etag, versionId = 'null' } = JSON.parse(body).detail;
    const about = this.uploader.written.filter((each) => each.key === key && each.etag === etag && each.storedId === versionId);
    if (about.length === 0) this.ledger.breach('message without verdict', `sent anew about nothing: ${body}`);
    for (const each of about) life.passedOn.add(each);
    this.queue.send(queue, body, about, delaySeconds * 1000);
  }

  private readParameter(life: Invocation): ReadParameter {
    const environment = this.random.between(0, 1);
    return (_, { fresh }) => this.rules.read(environment, fresh, (answer) => this.chaos.around(this.call('rule', 50), life, answer));
  }

  private async throughStore<T>(call: StoreCall, life: Invocation, perform: () => Promise<T>): Promise<T> {
    const { bucket, key } = call.args[0] as { bucket?: string; key?: string };
    if (life.hasAnswered) this.ledger.breach('worked on after its end', `${call.operation} ${bucket ?? ''} ${key ?? ''}`);
    const isLong = call.operation === 'copyPart' || call.operation === 'completeCopy';
    const millis = isLong ? this.partMillis : call.operation.startsWith('co') ? 2_000 : 200;
    const through: Call = {
      operation: call.operation,
      millis,
      timeoutMillis: 100_000,
      key: bucket === BUCKET ? key : this.random.pick(this.keys),
      abort: isLong ? (call.args.at(-1) as AbortSignal) : undefined,
    };
    const answer = await this.chaos.around(through, life, () => {
      this.trace(() => `  ${call.operation} ${bucket ?? ''} ${key ?? ''} ${String(call.args[1] ?? '').slice(0, 9)}`);
      return this.ledger.watch(call, life.startedAt, perform);
    });
    this.ledger.arrived(call, answer);
    return answer;
  }

  private call(operation: string, millis: number): Call {
    return { operation, millis, timeoutMillis: 10_000, key: this.random.pick(this.keys) };
  }

  private async untilQuiet(): Promise<void> {
    const isQuiet = await this.clock.runUntilQuiet(MOST_STEPS);
    if (!isQuiet) this.ledger.breach('never quiet', `after ${MOST_STEPS} steps`);
  }

  private checkCalm(): void {
    if (this.faultRate > 0) return;
    if (this.queue.dead.some(({ body }) => body !== NOT_AN_EVENT)) this.ledger.breach('dead for no reason', 'no fault was injected');
  }

  /** Nothing fails any more, and somebody has looked at the dead letters: an hour later, or after a long weekend. */
  private async redrive(): Promise<void> {
    this.chaos.stop();
    const wait = this.random.pick([1, 1, 96]) * HOUR_MILLIS;
    this.trace(() => `redriven after ${wait / HOUR_MILLIS} hours: ${this.queue.dead.map(({ id }) => id)}`);
    this.clock.in(wait, () => this.queue.redrive(this.queue.dead));
    await this.untilQuiet();
  }

  private check(): void {
    const { written } = this.uploader;
    const { announced, faultRate } = this;
    const rules = this.rules.history;
    checkEnding(this.ledger, { written, messages: this.queue.messages, announced, rules, now: this.clock.now, calm: faultRate === 0 });
  }

  private trace(text: () => string): void {
    if (this.traced) this.lines.push(`${((this.clock.now - Date.parse(NOW)) / 1000).toFixed(3)} ${text()}`);
  }
}
