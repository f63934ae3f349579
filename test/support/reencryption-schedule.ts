import { isDeepStrictEqual } from 'node:util';
import type { EnforcePorts, enforceObject } from '../../lambda/encryption-enforcer/enforce-object';
import type { Outcome } from '../../lambda/encryption-enforcer/outcome';
import { RetryableError } from '../../lambda/shared/errors';
import { VIOLATION_TAG } from '../../lib/domain/contract';
import { declare } from '../domain/sample-declarations';
import { Random } from './fault-random';
import type { StoredVersion, Versioning } from './in-memory-object-store';
import { BUCKET, NOW, QUARANTINE, REQUIRED_KEY, type World, world } from './lambda-enforcer-world';
import { intercepted, type StoreCall } from './lambda-intercepted-store';
import { AS_REQUIRED, isWrong, KEY, KeyWriter, type Required, type Written } from './reencryption-uploads';

/** What must hold in every schedule, whatever goes wrong in it. */
export const REENCRYPTION_INVARIANTS = {
  'bytes lost': 'no upload’s bytes are ever lost',
  'removed unsafely': 'nothing goes, or is replaced, before HEAD was answered for its copy and its receipt was written',
  'compliant touched': 'what is as required is neither changed nor copied nor moved',
  'newer hidden': 'nothing older comes to lie on what was written last',
  'left wrong': 'nothing wrong stays open, unless S3 can be asked for no more',
  'closed though right': 'what is as required has no violation tag',
  'described otherwise': 'a copy has the content and tags of its original',
  untold: 'each violation is told',
  'false verdict': 'nothing is called re-encrypted that is not as required',
  'never ends': 'once nothing fails any more, there is a verdict',
} as const;

export type ReencryptionInvariant = keyof typeof REENCRYPTION_INVARIANTS;

const FAULTS = {
  'error before': 20,
  'error after': 20,
  twice: 10,
  'overtaken before': 25,
  'overtaken after': 25,
  'not as asked': 10,
} as const;
const FAULTY_TRIES = 5;

type Enforce = typeof enforceObject;
type Faulty = (perform: () => Promise<unknown>) => Promise<unknown>;

/** All that one seed stands for. */
export async function runReencryption(seed: number, enforce: Enforce): Promise<{ breaches: Set<ReencryptionInvariant>; ends: string[] }> {
  const schedule = new ReencryptionSchedule(new Random(seed), enforce);
  await schedule.run();
  return schedule;
}

class ReencryptionSchedule {
  readonly breaches = new Set<ReencryptionInvariant>();
  readonly ends: string[] = [];
  private readonly required: Required;
  private readonly here: World;
  private readonly writer: KeyWriter;
  private readonly confirmed = new Set<string>();
  private readonly told = new Set<Written>();
  private readonly faultRate: number;
  private faults = 0;
  private tries = 0;

  constructor(
    private readonly random: Random,
    private readonly enforce: Enforce,
  ) {
    const versioning = random.pick<Versioning>(['never', 'enabled', 'enabled', 'suspended']);
    this.required = random.pick<Required>(['SSE-KMS', 'SSE-KMS', 'DSSE-KMS']);
    this.faultRate = random.pick([0, 0.1, 0.3]);
    const declaration = declare([{ scheme: this.required, keyArns: [REQUIRED_KEY] }]);
    this.here = world({ versioning, rule: { declaration, action: 'reencrypt' } });
    this.writer = new KeyWriter(this.here.store, this.required, random, 4);
  }

  async run(): Promise<void> {
    this.writer.put();
    if (this.random.chance(0.4)) this.writer.put();
    // What is written meanwhile has an event, too.
    for (let at = 0; at < this.writer.written.length; at += 1) {
      for (let times = this.random.chance(0.2) ? 2 : 1; times > 0; times -= 1) await this.untilTold(this.writer.written[at] as Written);
    }
    this.checkEnd();
  }

  private async untilTold(object: Written): Promise<void> {
    for (let receives = 0; receives <= FAULTY_TRIES; receives += 1) {
      this.faults = receives < FAULTY_TRIES ? 2 : 0;
      this.tries += 1;
      const outcome = await this.attempt(object, receives);
      if (outcome === undefined) continue;
      // What cannot be announced is tried again.
      if (this.strikes()) continue;
      this.checkTold(object, outcome);
      return;
    }
    this.breaches.add('never ends');
  }

  private async attempt(object: Written, receives: number): Promise<Outcome | undefined> {
    const { ports, store } = this.here;
    const now = () => new Date(Date.parse(NOW) + this.tries * 720_000);
    const writtenAt = new Date(now().getTime() - 1_000 - receives * 720_000);
    const through = intercepted(store, (call, perform) => this.through(call, perform));
    const asked: EnforcePorts = { ...ports, store: through, now };
    try {
      const { versionId, etag } = object;
      return await this.enforce({ bucket: BUCKET, key: KEY, versionId, etag, writtenAt }, asked);
    } catch (error) {
      if (error instanceof RetryableError) return undefined;
      throw error;
    }
  }

  private async through<T>(call: StoreCall, perform: () => Promise<T>): Promise<T> {
    const watched = () => this.watch(call, perform);
    const answer = (await (this.strikes() ? this.faulty(call)(watched) : watched())) as T;
    const { bucket, versionId } = call.args[0] as { bucket: string; versionId?: string };
    const isFound = call.operation.startsWith('head') && (answer as { status: string }).status === 'found';
    if (isFound && bucket === QUARANTINE) this.confirmed.add(versionId ?? '');
    return answer;
  }

  private strikes(): boolean {
    if (this.faults === 0 || !this.random.chance(this.faultRate)) return false;
    this.faults -= 1;
    return true;
  }

  private faulty({ operation }: StoreCall): Faulty {
    const lost = async (): Promise<never> => {
      throw new RetryableError(`injected: ${operation}`);
    };
    switch (this.random.weighted(FAULTS)) {
      case 'error before':
        return lost;
      case 'error after':
        return async (perform) => perform().then(lost);
      case 'twice':
        return async (perform) => perform().then(perform);
      case 'overtaken before':
        this.writer.put();
        return (perform) => perform();
      case 'overtaken after':
        return (perform) => perform().finally(() => this.writer.put());
      case 'not as asked':
        // S3 says it is done.
        return operation === 'rekey' ? async () => ({ status: 'rekeyed' }) : (perform) => perform();
    }
  }

  /** The effects of the store are there at once; only answers take time. */
  private watch<T>({ operation, args }: StoreCall, perform: () => Promise<T>): Promise<T> {
    const before = [...this.inSource()];
    const answer = perform();
    const after = this.inSource();
    const records = new Set(after.map(({ metadata }) => metadata['upload']));
    for (const version of before) {
      const record = this.writer.recordOf(version);
      const isThere = after.some((each) => each.versionId === version.versionId && each.etag === version.etag);
      if (record === undefined) continue;
      if (!isThere && !this.isSafe(record)) this.breaches.add('removed unsafely');
      if (!records.has(record.id) && this.copiesOf(record).length === 0) this.breaches.add('bytes lost');
    }
    const { key } = (operation === 'copyAs' ? args[2] : args[0]) as { key: string };
    const last = this.writer.written.at(-1);
    const isOlderOnTop = last !== undefined && after.at(-1)?.body !== last.body && after.length > before.length;
    if (operation === 'copyAs' && key === KEY && isOlderOnTop) this.breaches.add('newer hidden');
    return answer;
  }

  private checkTold(object: Written, outcome: Outcome): void {
    this.ends.push(outcome.kind);
    // One without an id of its own may be another by now.
    if (object.discarded || object.storedId === 'null') return;
    if (outcome.kind === 'compliant' && isWrong(object) && this.told.has(object) === false) this.breaches.add('untold');
    this.told.add(object);
    if (outcome.kind !== 're-encrypted') return;
    const ids = [object.storedId, outcome.replacedBy];
    const isAsRequired = this.inSource().some((each) => ids.includes(each.versionId) && this.isAsRequired(each));
    if (!isAsRequired) this.breaches.add('false verdict');
  }

  private checkEnd(): void {
    const versions = this.inSource();
    for (const version of versions) {
      const record = this.writer.recordOf(version);
      const isTagged = VIOLATION_TAG in version.tags;
      if (this.isAsRequired(version) && isTagged) this.breaches.add('closed though right');
      const { [VIOLATION_TAG]: _tag, ...tags } = version.tags;
      // S3 has no conditional tagging: what took the place of a tagged null version may be hit by a request under way, as documented.
      const mayBeHit = this.writer.written.some((each) => each !== record && each.storedId === 'null');
      const isSame = isDeepStrictEqual([version.body, mayBeHit || tags], [record?.body, mayBeHit || record?.tags]);
      if (!isSame) this.breaches.add('described otherwise');
      const isBuried = version.versionId === 'null' && version !== versions.at(-1);
      if (!this.isAsRequired(version) && !isTagged && !isBuried) this.breaches.add('left wrong');
    }
    for (const object of this.writer.written.filter((each) => !isWrong(each) && !each.discarded)) {
      const isThere = versions.some(
        (each) => each.versionId === object.storedId && `"${object.etag}"` === each.etag && this.isAsRequired(each),
      );
      if (!isThere || this.copiesOf(object).length > 0) this.breaches.add('compliant touched');
    }
  }

  private inSource(): StoredVersion[] {
    return this.here.store.versionsOf(BUCKET, KEY).filter(({ deleteMarker }) => !deleteMarker);
  }

  private isAsRequired({ encryption }: StoredVersion): boolean {
    return isDeepStrictEqual(encryption, AS_REQUIRED[this.required]);
  }

  /** Null versions with one ETag cannot be told apart, by anyone: what is safe of the one is of the other. The documented exception. */
  private isSafe(record: Written): boolean {
    const isTwin = (each: Written) => each.storedId === 'null' && record.storedId === 'null' && each.etag === record.etag;
    const those = this.writer.written.filter((each) => each === record || isTwin(each));
    const copies = those.flatMap((each) => this.copiesOf(each)).filter(({ versionId }) => this.confirmed.has(versionId));
    return copies.length > 0 && this.inQuarantine('receipts/').some(({ body }) => copies.some(({ versionId }) => body.includes(versionId)));
  }

  private copiesOf({ id }: Written): StoredVersion[] {
    return this.inQuarantine('objects/').filter(({ metadata }) => metadata['upload'] === id);
  }

  private inQuarantine(prefix: string): StoredVersion[] {
    const { store } = this.here;
    return store
      .keysOf(QUARANTINE)
      .filter((key) => key.startsWith(prefix))
      .flatMap((key) => store.versionsOf(QUARANTINE, key));
  }
}
