import type { Action } from '../../lib/domain/action';
import { type Accepted, belongsTo, type EncryptedAs, isFileKey, KINDS, type Kind, partnerKey } from './fault-kinds';
import type { Uploaded } from './fault-uploads';

export interface FaultRule {
  readonly accepted: Accepted;
  readonly action: Action;
}

interface Since {
  readonly since: number;
}

/** The rules that a bucket had, and since when. */
export type RuleHistory = readonly (FaultRule & Since)[];

/** How long a rule is gone by before it is asked for again. */
export const REMEMBERED_MILLIS = 60_000;

/** What may be about to be made right by another object is not wrong before. S3 tells whole seconds of when it came to be there. */
const GRACE_MILLIS = 10 * 60_000 - 1_000;

/** All that was so at any time of a span. */
export function within<T extends Since>(history: readonly T[], from: number, to: number): T[] {
  return history.filter(({ since }, at) => since <= to && (history[at + 1]?.since ?? Number.POSITIVE_INFINITY) >= from);
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is right and what is wrong, and when: from what was written and which rules there were, and from nothing that the enforcer says. */
export class Oracle {
  /** What was the newest object under each key, since when. */
  private readonly newest = new Map<string, (Since & { readonly object: Uploaded | undefined })[]>();

  constructor(
    private readonly rules: RuleHistory,
    /** Of those that asked for a rule; an invocation that froze meanwhile remembers what it was answered once it thaws. */
    private readonly longestAnswerMillis: () => number,
  ) {}

  /** How old a rule may be that somebody goes by. */
  get oldestRuleMillis(): number {
    return REMEMBERED_MILLIS + this.longestAnswerMillis();
  }

  noteNewest(key: string, object: Uploaded | undefined, since: number): void {
    const history = this.newest.get(key) ?? [];
    if (history.at(-1)?.object !== object) this.newest.set(key, [...history, { object, since }]);
  }

  rulesWithin(from: number, to: number): RuleHistory {
    return within(this.rules, from, to);
  }

  /** Each verdict on the object that was right at some time of the span, by a rule that may be older. */
  verdictsWithin(object: Uploaded, from: number, to: number, rulesFrom = from): Set<boolean> {
    return new Set(this.rulesWithin(rulesFrom, to).flatMap(({ accepted }) => [...this.verdictsBy(accepted, object, { from, to })]));
  }

  /** The same of how it was written. */
  firstVerdicts(object: Uploaded, from: number, to: number, rulesFrom = from): Set<boolean> {
    const [first] = object.encrypted;
    return this.verdictsWithin({ ...object, encrypted: [first] }, from, to, rulesFrom);
  }

  /** By every rule that was in force since whoever does this began: a rule that had ended before excuses nothing. */
  mayBe(done: 'tagged' | 'moved' | 'encrypted anew', object: Uploaded, startedAt: number, now: number): boolean {
    return this.rulesWithin(startedAt, now).some(
      ({ accepted, action }) =>
        LEADS_TO[done].includes(action) &&
        !isUnproven(object, accepted) &&
        this.verdictsBy(accepted, object, { from: startedAt, to: now }).has(false),
    );
  }

  /** Encrypted so, it is right by a rule that asks for re-encryption. */
  isAsked(object: Uploaded, as: EncryptedAs, startedAt: number, now: number): boolean {
    const mended: Uploaded = { ...object, encrypted: [{ as, since: 0 }] };
    return this.rulesWithin(startedAt, now).some(
      ({ accepted, action }) => action === 'reencrypt' && this.verdictsBy(accepted, mended, { from: startedAt, to: now }).has(true),
    );
  }

  private verdictsBy(accepted: Accepted, object: Uploaded, span: Span): Set<boolean> {
    const encryptions = within(object.encrypted, span.from, span.to);
    if (accepted !== 'client-side') return new Set(encryptions.map(({ as }) => as === accepted));
    return new Set(encryptions.flatMap(({ as }) => (as === 's3' ? [...this.envelopeVerdicts(object, span)] : [false])));
  }

  /** Of what is under SSE-S3, where envelopes are required, in metadata or in instruction files. */
  private envelopeVerdicts(object: Uploaded, span: Span): Set<boolean> {
    const { envelope, file, unmarked = false }: Kind = KINDS[object.kind];
    if (envelope === 'whole') return new Set([true]);
    if (!isFileKey(object.key))
      return this.pairVerdicts(object, span, (other) => other !== undefined && belongsTo(other.kind, object.kind));
    if (file === undefined || file === 'none' || unmarked) return new Set([false]);
    return this.pairVerdicts(object, span, (other) => other !== undefined && belongsTo(object.kind, other.kind));
  }

  /** Right at once, and not wrong before the grace is over. */
  private pairVerdicts({ key, at }: Uploaded, { from, to }: Span, fits: (other: Uploaded | undefined) => boolean): Set<boolean> {
    const partners = [{ since: 0, object: undefined }, ...(this.newest.get(partnerKey(key)) ?? [])];
    const isRight = within(partners, Math.max(from, at), to).some(({ object }) => fits(object));
    const judgedFrom = Math.max(from, at + GRACE_MILLIS);
    const isWrong = judgedFrom <= to && within(partners, judgedFrom, to).some(({ object }) => !fits(object));
    return new Set([...(isRight ? [true] : []), ...(isWrong ? [false] : [])]);
  }
}

const LEADS_TO: Readonly<Record<'tagged' | 'moved' | 'encrypted anew', readonly Action[]>> = {
  tagged: ['tag', 'quarantine', 'reencrypt'],
  moved: ['quarantine', 'reencrypt'],
  'encrypted anew': ['reencrypt'],
};

/** The object of an instruction file may be a multipart upload, which S3 keeps open for days. */
export function isUnproven({ key, kind, encrypted }: Uploaded, accepted: Accepted): boolean {
  const { file = 'none', unmarked = false }: Kind = KINDS[kind];
  return accepted === 'client-side' && isFileKey(key) && encrypted.at(-1)?.as === 's3' && file !== 'none' && !unmarked;
}
