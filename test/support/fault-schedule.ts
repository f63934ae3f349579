import { Chaos, type FaultKind } from './fault-chaos';
import { VirtualClock } from './fault-clock';
import { checkEnding } from './fault-endings';
import { type EventMessage, messageAboutRekeying, messagesAbout } from './fault-events';
import type { LoadedHandler } from './fault-handler';
import type { Breach } from './fault-invariants';
import { eventOf, Invocation } from './fault-invocation';
import { Ledger } from './fault-ledger';
import { Oracle } from './fault-oracle';
import { OwnWrites } from './fault-own-writes';
import { FaultPorts, type Stage } from './fault-ports';
import { FaultQueue, type Message, type QueueName } from './fault-queue';
import { Random } from './fault-random';
import { FaultRules } from './fault-rules';
import { plan, type Setting, settingOf } from './fault-setting';
import { FaultStore } from './fault-store';
import { type Uploaded, Uploader } from './fault-uploads';
import { Whereabouts } from './fault-whereabouts';
import { BUCKET, NOW, QUARANTINE } from './lambda-enforcer-world';

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
  /** In place, and by a copy. */
  readonly mended: number;
  readonly waits: number;
  readonly trace: readonly string[];
}

/** All that one seed stands for: who writes what and when, how messages travel, what fails, and in which order. */
export async function runSchedule(seed: number, handler: LoadedHandler, traced = false): Promise<ScheduleResult> {
  return new Schedule(seed, handler, traced).run();
}

class Schedule implements Stage {
  readonly random: Random;
  readonly clock = new VirtualClock(Date.parse(NOW));
  readonly store = new FaultStore();
  private readonly lines: string[] = [];
  readonly setting: Setting;
  readonly rules: FaultRules;
  readonly announced: Readonly<Record<string, unknown>>[] = [];
  readonly uploader: Uploader;
  readonly ledger: Ledger;
  readonly ownWrites: OwnWrites;
  readonly chaos: Chaos;
  readonly queue: FaultQueue;
  private readonly ports = new FaultPorts(this);

  constructor(
    private readonly seed: number,
    readonly handler: LoadedHandler,
    private readonly traced: boolean,
  ) {
    const random = new Random(seed);
    this.random = random;
    this.setting = settingOf(random);
    const { versioning, habit, rule, faultRate, mostFaults, queue } = this.setting;
    this.store.now = () => new Date(this.clock.now);
    this.store.createBucket(BUCKET, versioning);
    this.store.createBucket(QUARANTINE, 'enabled');
    const { store, clock } = this;
    const trace = (text: () => string) => this.trace(text);
    this.rules = new FaultRules(rule, () => clock.now, trace);
    const onWrite = (object: Uploaded) => this.tell(messagesAbout(object, this.uploader.written, random));
    const onChange = (key: string) => this.ledger.noteNewest(key);
    this.uploader = new Uploader(versioning, { store, bucket: BUCKET, clock, random, habit, onWrite, onChange, trace });
    const oracle = new Oracle(this.rules.history, () => this.rules.longestAnswerMillis);
    this.ledger = new Ledger(new Whereabouts(store, this.uploader), this.uploader, oracle, () => clock.now);
    this.ownWrites = new OwnWrites(this.ledger, (object) => {
      if (random.chance(0.3)) this.tell([messageAboutRekeying(object, clock.now, random)]);
    });
    this.chaos = new Chaos(clock, random, faultRate, mostFaults, (key) => this.uploader.act(key), trace);
    this.queue = new FaultQueue(clock, random, queue, (name, batch) => this.invoke(name, batch));
    this.trace(() => JSON.stringify(this.setting));
  }

  async run(): Promise<ScheduleResult> {
    this.handler.clock = this.clock;
    plan(this.setting, this.uploader, this.rules, this.clock, this.random);
    if (this.random.chance(0.05)) this.queue.send('events', NOT_AN_EVENT, [], 0);
    await this.untilQuiet();
    this.checkCalm();
    this.check();
    const deadLetters = this.queue.dead.length;
    await this.redrive();
    this.check();
    if (this.queue.dead.some(({ about }) => about.length > 0))
      this.ledger.breach('dead for no reason', 'redriven without faults, and dead again');
    return this.result(deadLetters);
  }

  private result(deadLetters: number): ScheduleResult {
    const { injected, calls } = this.chaos;
    const { breaches, removed } = this.ledger;
    const { written } = this.uploader;
    return {
      seed: this.seed,
      breaches,
      injected,
      calls,
      uploads: written.filter(({ copyOf }) => copyOf === undefined).length,
      moved: removed.size,
      deadLetters,
      continued: this.queue.messages.filter(({ queue }) => queue === 'large-objects').length,
      leftOpen: this.store.multipart.openUploads,
      mended: written.filter(({ copyOf, encrypted }) => copyOf !== undefined || encrypted.length > 1).length,
      waits: this.ports.waits,
      trace: this.lines,
    };
  }

  private tell(messages: readonly EventMessage[]): void {
    for (const { body, about, delayMillis } of messages) this.queue.send('events', body, about, delayMillis);
  }

  private async invoke(queue: QueueName, batch: readonly Message[]): Promise<readonly Message[] | undefined> {
    const life = new Invocation(this.clock, this.ledger);
    this.trace(
      () => `invoked for ${batch.map(({ id, receives, about }) => `${id}(${about.map((each) => each.id)})#${receives}`).join(' ')}`,
    );
    this.clock.in(life.remainingMillis(), () => {
      if (!life.hasAnswered) life.kill();
    });
    const answer = await Promise.race([this.handler.processBatch(eventOf(batch, queue), this.ports.of(life)), life.died]);
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

  private async untilQuiet(): Promise<void> {
    const isQuiet = await this.clock.runUntilQuiet(MOST_STEPS);
    if (!isQuiet) this.ledger.breach('never quiet', `after ${MOST_STEPS} steps`);
  }

  private checkCalm(): void {
    if (this.setting.faultRate > 0) return;
    if (this.queue.dead.some(({ body }) => body !== NOT_AN_EVENT)) this.ledger.breach('dead for no reason', 'no fault was injected');
  }

  /** Nothing fails any more, and somebody has looked at the dead letters: an hour later, or after a long weekend. */
  private async redrive(): Promise<void> {
    this.chaos.stop();
    const hours = this.random.pick([1, 1, 96]);
    this.trace(() => `redriven after ${hours} hours: ${this.queue.dead.map(({ id }) => id)}`);
    this.clock.in(hours * 3_600_000, () => this.queue.redrive(this.queue.dead));
    await this.untilQuiet();
  }

  private check(): void {
    const { announced, setting, rules, queue } = this;
    checkEnding(this.ledger, { messages: queue.messages, announced, rules: rules.history, calm: setting.faultRate === 0 });
  }

  trace(text: () => string): void {
    if (this.traced) this.lines.push(`${((this.clock.now - Date.parse(NOW)) / 1000).toFixed(3)} ${text()}`);
  }
}
