import type { VirtualClock } from './fault-clock';
import { type Habit, isFileKey, SUFFIX } from './fault-kinds';
import type { FaultRule } from './fault-oracle';
import type { QueueSettings } from './fault-queue';
import type { Random } from './fault-random';
import type { FaultRules } from './fault-rules';
import type { Uploader } from './fault-uploads';
import type { Versioning } from './in-memory-object-store';

/** What a schedule is about. */
export interface Setting {
  readonly versioning: Versioning;
  readonly rule: FaultRule;
  readonly habit: Habit;
  readonly keys: readonly [string, ...string[]];
  /** Of calls; 0 is a calm day. */
  readonly faultRate: number;
  readonly mostFaults: number;
  /** How long S3 takes to copy a part. */
  readonly partMillis: number;
  readonly queue: QueueSettings;
}

export function settingOf(random: Random): Setting {
  const faultRate = random.pick([0, 0.03, 0.08, 0.15, 0.25]);
  const queue = {
    visibilityMillis: faultRate === 0 ? 720_000 : random.pick([720_000, 720_000, 30_000]),
    mostReceives: 5,
    concurrency: random.between(1, 3),
    mostInBatch: random.pick([1, 3, 10]),
  };
  const partMillis = random.pick([2_000, 30_000, 60_000]);
  return { ...bucketOf(random), faultRate, mostFaults: random.between(1, 14), partMillis, queue };
}

function bucketOf(random: Random): Pick<Setting, 'versioning' | 'rule' | 'habit' | 'keys'> {
  const versioning = random.pick<Versioning>(['never', 'enabled', 'enabled', 'suspended']);
  const keys = random.pick<[string, ...string[]]>([['a'], ['a'], ['a', 'b/c d'], ['a', 'b', 'ü']]);
  switch (random.weighted({ quarantine: 55, reencrypt: 28, 'client-side': 17 })) {
    case 'reencrypt': {
      const accepted = random.weighted({ kms: 45, dsse: 25, 'foreign-key': 15, s3: 10, 'other-key': 5 });
      return { versioning, keys, habit: 'mended', rule: { accepted, action: 'reencrypt' } };
    }
    case 'client-side': {
      const action = random.weighted({ quarantine: 65, reencrypt: 25, tag: 5, report: 5 });
      const [key] = random.pick<[string]>([['a'], ['a'], ['b/c d']]);
      return { versioning, keys: [key, `${key}${SUFFIX}`], habit: 'objects', rule: { accepted: 'client-side', action } };
    }
    case 'quarantine': {
      const rule = {
        accepted: random.weighted({ kms: 80, s3: 20 }),
        action: random.weighted({ quarantine: 94, tag: 3, report: 3 }),
      } as const;
      return { versioning, keys, habit: random.chance(0.4) ? 'large' : 'usual', rule };
    }
  }
}

/** What people are up to, before anything goes wrong. */
export function plan({ keys, habit }: Setting, uploader: Uploader, rules: FaultRules, clock: VirtualClock, random: Random): void {
  // An instruction file comes before its object, with it, after it, too late, or never; and both may change while they are waited for.
  const latest = habit === 'objects' ? 900_000 : 200_000;
  for (const key of keys) {
    const within = isFileKey(key) ? random.pick([2_000, 2_000, 60_000, 590_000, 604_000, 1_500_000, undefined]) : 2_000;
    if (within !== undefined) clock.in(random.between(within === 604_000 ? 596_000 : 0, within), () => uploader.put(key));
    for (let more = random.between(0, 3); more > 0 && within !== undefined; more -= 1) {
      clock.in(random.between(0, random.pick([60_000, latest])), () => uploader.act(key));
    }
  }
  if (random.chance(0.25)) clock.in(random.between(1, 120_000), () => rules.change(random));
}
