import type { ReleaseAnswer } from '../../lambda/quarantine-release/process-request';
import type { ReleasePorts, ReleaseResult } from '../../lambda/quarantine-release/result';
import { quarantineAddress } from '../../lambda/shared/quarantine-address';
import { type Call, Chaos, type FaultKind, type Lifetime } from './fault-chaos';
import { VirtualClock } from './fault-clock';
import type { loadRelease } from './fault-handler';
import { Random } from './fault-random';
import { FaultStore } from './fault-store';
import type { Versioning } from './in-memory-object-store';
import { BUCKET, CONFIG, NOW, QUARANTINE, QUARANTINE_KEY, REQUIRE_KMS, rulesThatSay, SSE_KMS, SSE_S3 } from './lambda-enforcer-world';
import { intercepted } from './lambda-intercepted-store';
import { layHistory } from './release-history';
import { type Breach, ReleaseLedger, type ReleaseRequestLike } from './release-ledger';
import { InMemoryReleaseRecords } from './release-world';

const MINUTE_MILLIS = 60_000;
const TIMEOUT_MILLIS = 15 * MINUTE_MILLIS;
const MOST_STEPS = 20_000;
const KEY = 'a';
const GIB = 1024 ** 3;
const WRITTEN = new Date(Date.parse(NOW) - 10 * MINUTE_MILLIS);
const FINAL: readonly ReleaseResult['status'][] = ['released', 'already-released', 'discarded', 'already-discarded', 'refused'];

export interface ReleaseScheduleResult {
  readonly seed: number;
  readonly breaches: readonly Breach[];
  readonly injected: ReadonlyMap<FaultKind, number>;
  readonly released: number;
  readonly discarded: number;
  readonly refused: number;
  readonly trace: readonly string[];
}

interface Invocation extends Lifetime {
  alive: boolean;
}

/** What one seed stands for: an object in quarantine, requests for it, writers under its old key, and what fails. */
export class ReleaseSchedule {
  private readonly random: Random;
  private readonly clock = new VirtualClock(Date.parse(NOW));
  private readonly store = new FaultStore();
  private readonly records = new InMemoryReleaseRecords(this.store);
  private readonly ledger: ReleaseLedger;
  private readonly chaos: Chaos;
  private readonly lines: string[] = [];
  private readonly receipt: string;
  private readonly versioning: Versioning;
  private readonly partMillis: number;
  private invocations = 0;
  private writes = 0;
  private readonly counts = { released: 0, discarded: 0, refused: 0 };

  constructor(
    private readonly seed: number,
    private readonly handler: ReturnType<typeof loadRelease>,
  ) {
    const random = new Random(seed);
    this.random = random;
    const versioning = random.pick<Versioning>(['never', 'enabled', 'enabled', 'suspended']);
    this.versioning = versioning;
    this.store.createBucket(BUCKET, versioning);
    this.store.createBucket(QUARANTINE, 'enabled');
    this.store.now = () => new Date(this.clock.now);
    this.partMillis = random.pick([2_000, 60_000, 100_000]);
    if (random.chance(0.3)) layHistory(this.store, { bucket: BUCKET, key: KEY, before: WRITTEN }, versioning, random);
    this.receipt = this.fillQuarantine(versioning);
    this.ledger = new ReleaseLedger(this.store, KEY, WRITTEN, new Date(NOW), versioning === 'enabled');
    const rate = random.pick([0, 0.05, 0.15, 0.3]);
    this.chaos = new Chaos(
      this.clock,
      random,
      rate,
      random.between(1, 12),
      () => this.write(),
      (text) => this.trace(text()),
    );
    this.trace(`versioning ${versioning}, faults ${rate}`);
  }

  async run(): Promise<ReleaseScheduleResult> {
    const mayDiscard = this.random.chance(0.25);
    for (let more = this.random.between(1, 4); more > 0; more -= 1) {
      const at = this.random.pick([0, 0, 1_000, MINUTE_MILLIS, 20 * MINUTE_MILLIS]);
      this.clock.in(this.random.between(0, at), () => void this.invoke(this.anyRequest(mayDiscard)));
    }
    if (this.random.chance(0.3)) this.clock.in(this.random.between(0, 30 * MINUTE_MILLIS), () => this.write());
    await this.untilQuiet();
    await this.untilFinal();
    this.ledger.checkEnding();
    const { breaches } = this.ledger;
    return { seed: this.seed, breaches, injected: this.chaos.injected, ...this.counts, trace: this.lines };
  }

  private fillQuarantine(versioning: Versioning): string {
    const body = 'secret';
    const size = this.random.chance(0.3) ? 5 * GIB + 7 : Buffer.byteLength(body);
    const origin = {
      bucket: BUCKET,
      key: KEY,
      etag: '"e1"',
      size,
      ...(versioning === 'enabled' && { versionId: 'origin' }),
      lastModified: WRITTEN,
    };
    const { objectKey, receiptKey } = quarantineAddress(origin);
    const encryption = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: QUARANTINE_KEY };
    const copy = { body, size, encryption, metadata: { of: 'secret' }, tags: { team: 'blue' } };
    // The first is what a repetition of the event has left.
    if (this.random.chance(0.3)) this.store.put(QUARANTINE, objectKey, copy);
    const { versionId } = this.store.put(QUARANTINE, objectKey, copy);
    const violation = { compliant: false, reason: 'wrong-scheme', expected: 'SSE-KMS', observed: 'SSE-S3' };
    const receipt = {
      version: 1,
      quarantinedAt: NOW,
      enforcer: CONFIG.enforcerName,
      origin,
      copy: { bucket: QUARANTINE, key: objectKey, versionId },
      violation,
    };
    this.store.put(QUARANTINE, receiptKey, { body: JSON.stringify(receipt) });
    return `s3://${QUARANTINE}/${receiptKey}`;
  }

  private anyRequest(mayDiscard: boolean) {
    const action = mayDiscard && this.random.chance(0.5) ? 'discard' : 'release';
    const overwrite = action === 'release' && this.random.chance(0.2);
    return { action, overwrite, dryRun: this.random.chance(0.15) };
  }

  private async invoke(request: ReleaseRequestLike): Promise<ReleaseResult | undefined> {
    this.invocations += 1;
    const id = `request-${this.invocations}`;
    this.trace(`${id}: ${JSON.stringify(request)}`);
    const endsAt = this.clock.now + TIMEOUT_MILLIS;
    let die = () => {};
    const died = new Promise<undefined>((resolve) => {
      die = () => resolve(undefined);
    });
    const life: Invocation = {
      alive: true,
      kill: () => {
        life.alive = false;
        die();
      },
    };
    const timeIsUp = new AbortController();
    this.clock.in(TIMEOUT_MILLIS - 15_000, () => timeIsUp.abort());
    this.clock.in(TIMEOUT_MILLIS, () => life.kill());
    const ports = this.portsFor(id, request, life, timeIsUp.signal, () => endsAt - this.clock.now);
    const payload = { ...request, receipt: this.receipt, reason: 'a test', requestedBy: id };
    const answer: ReleaseAnswer | undefined = await Promise.race([this.handler.processRequest(payload, ports), died]);
    const [result] = answer?.results ?? [];
    this.trace(`${id}: ${result === undefined ? 'died' : JSON.stringify(result)}`);
    life.kill();
    if (result !== undefined) this.ledger.hear(result);
    const counted = result?.status as keyof typeof this.counts | undefined;
    if (counted !== undefined && counted in this.counts) this.counts[counted] += 1;
    return result;
  }

  private portsFor(
    id: string,
    request: ReleaseRequestLike,
    life: Invocation,
    timeIsUp: AbortSignal,
    remainingMillis: () => number,
  ): ReleasePorts {
    const around = <T>(call: Omit<Call, 'key' | 'timeoutMillis'>, perform: () => Promise<T>) =>
      this.chaos.around({ timeoutMillis: 100_000, key: KEY, ...call }, life, perform);
    const store = intercepted(this.store, ({ operation, args }, perform) => {
      const isLong = operation === 'copyPart' || operation === 'completeCopy';
      const abort = isLong ? args.find((arg): arg is AbortSignal => arg instanceof AbortSignal) : undefined;
      const millis = isLong ? this.partMillis : operation === 'copyAs' ? 5_000 : 200;
      return around({ operation, millis, abort }, () => this.ledger.watch(operation, request, perform));
    });
    const { records } = this;
    return {
      store,
      records: {
        read: (key) => around({ operation: 'read', millis: 100 }, () => records.read(key)),
        write: (key, record, condition) =>
          around({ operation: 'write', millis: 100 }, () =>
            this.ledger.watch('write', request, () => records.write(key, record, condition)),
          ),
        versionsOf: (key) => around({ operation: 'versionsOf', millis: 200 }, () => records.versionsOf(key)),
        deleteMarkerOn: (at) =>
          around({ operation: 'list', millis: 100 }, () => this.ledger.watch('list', request, () => records.deleteMarkerOn(at))),
      },
      rules: rulesThatSay(REQUIRE_KMS),
      config: CONFIG,
      now: () => new Date(this.clock.now),
      remainingMillis,
      timeIsUp,
      requestId: id,
      announce: (detail) =>
        around({ operation: 'announce', millis: 100 }, async () => this.ledger.announced.push(String(detail['outcome']))).then(
          () => undefined,
        ),
      log: () => undefined,
      logError: (message, error) => this.trace(`  ${id}: ${message}: ${error}`),
      measure: () => undefined,
    };
  }

  /** What anybody may write under the old key meanwhile; with the same content, too. */
  private write(): void {
    this.writes += 1;
    // Of what is deleted where no versions are kept, S3 shows nothing, as documented.
    if (this.versioning !== 'never' && this.random.chance(0.25)) {
      this.store.remove(BUCKET, KEY);
      this.trace('writer: deletes');
      return;
    }
    const body = this.random.pick([`newer ${this.writes}`, `newer ${this.writes}`, 'secret']);
    const encryption = this.random.pick([SSE_KMS, SSE_S3]);
    this.trace(`writer: ${body} ${encryption.ServerSideEncryption}`);
    this.ledger.wrote(this.store.put(BUCKET, KEY, { body, encryption, metadata: { by: 'writer' } }));
  }

  /** Nothing fails any more: whoever asks often enough gets an answer that stays. */
  private async untilFinal(): Promise<void> {
    this.chaos.stop();
    for (let tries = 0; tries < 12; tries += 1) {
      let result: ReleaseResult | undefined;
      this.clock.in(
        20 * MINUTE_MILLIS,
        () =>
          void this.invoke({ action: 'release', overwrite: false, dryRun: false }).then((each) => {
            result = each;
          }),
      );
      await this.untilQuiet();
      if (result !== undefined && FINAL.includes(result.status)) return this.ledger.ended(result);
    }
    this.ledger.breach('never final', 'a dozen requests without faults');
  }

  private async untilQuiet(): Promise<void> {
    if (!(await this.clock.runUntilQuiet(MOST_STEPS))) this.ledger.breach('never final', `after ${MOST_STEPS} steps`);
  }

  private trace(text: string): void {
    this.lines.push(`${((this.clock.now - Date.parse(NOW)) / 1000).toFixed(1)} ${text}`);
  }
}
