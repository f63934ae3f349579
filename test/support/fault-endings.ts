import { isDeepStrictEqual } from 'node:util';
import { VIOLATION_TAG } from '../../lib/domain/contract';
import { hasClosedInstructionFile, isAlone, isInPlace, isMovable, mayBeHit } from './fault-expectations';
import type { Invariant } from './fault-invariants';
import type { Ledger } from './fault-ledger';
import { type FaultRule, isUnproven, type RuleHistory } from './fault-oracle';
import type { Message } from './fault-queue';
import { encryption, isLarge, isNull, type Uploaded } from './fault-uploads';
import type { Whereabouts } from './fault-whereabouts';
import type { StoredVersion } from './in-memory-object-store';

/** What a tag may say. */
const PROVEN: readonly string[] = ['wrong-scheme', 'wrong-key', 'malformed-envelope', 'instruction-file-missing'];

export interface Ending {
  readonly messages: readonly Message[];
  readonly announced: readonly Readonly<Record<string, unknown>>[];
  /** All that the bucket ever had. */
  readonly rules: RuleHistory;
  /** No fault was injected. */
  readonly calm: boolean;
}

/** Once all is quiet: where is each version, and was it told? What waits in the dead-letter queue may still be under way. */
export function checkEnding(ledger: Ledger, ending: Ending): void {
  const pending = new Set(ending.messages.filter(({ state }) => state === 'dead').flatMap(({ about }) => about));
  for (const message of ending.messages) {
    if (message.state !== 'done' && message.state !== 'dead') ledger.breach('message without verdict', `${message.id} is ${message.state}`);
  }
  for (const object of ledger.uploader.written) new ObjectEnding(ledger, ending, object).check(pending.has(object));
}

/** What became of one object version. */
class ObjectEnding {
  private readonly where: Whereabouts;
  private readonly written: readonly Uploaded[];
  /** That may have been gone by since it was written. */
  private readonly rules: RuleHistory;
  /** By these, on how it was written. */
  private readonly verdicts: Set<boolean>;

  constructor(
    private readonly ledger: Ledger,
    private readonly ending: Ending,
    private readonly object: Uploaded,
  ) {
    const { oracle, now, where, uploader } = ledger;
    this.where = where;
    this.written = uploader.written;
    const rulesFrom = object.at - oracle.oldestRuleMillis;
    this.rules = oracle.rulesWithin(rulesFrom, now());
    this.verdicts = oracle.firstVerdicts(object, object.at, now(), rulesFrom);
  }

  check(isPending: boolean): void {
    const { where, object } = this;
    if (!object.discarded && where.inSource(object) === undefined && where.copiesOf(object).length === 0) this.breach('bytes lost');
    if (!isPending) {
      this.checkTold();
      if (!object.discarded) this.checkPlace();
    }
    if (this.ending.calm && this.ending.rules.length === 1) this.checkCalm();
  }

  private checkTold(): void {
    const { object, where, verdicts, ledger } = this;
    // Whoever moved it died before it could say so, and whoever came next went by another rule, or found the same content again in its
    // place. It is safe in quarantine, with its receipt.
    const mayBeUntold = verdicts.size > 1 || this.hasActions() || (isNull(object) && where.twinsOf(object).length > 1);
    if (ledger.removed.has(object) && !mayBeUntold && !this.isToldMoved()) this.breach('untold');
    // Without an id of its own, or removed by its writer, it may be another, or gone, by the time it is looked at.
    if (isNull(object) || object.discarded || this.rules.length > 1) return;
    if (object.encrypted.length > 1 && !this.isTold('re-encrypted')) this.breach('untold', 'encrypted anew');
    if (verdicts.has(false) && verdicts.size === 1 && !this.isTold()) this.breach('untold', 'a violation');
    // A try that died after its copy, before the original was moved, is told by the next as what it did, as long as that copy is on top.
    const isSeen = (copy: Uploaded) => this.ending.calm || (isAlone(object, this.written) && where.newest(object.key) === copy);
    const standIns = where.standInsFor(object).filter(isSeen);
    if (standIns.length > 0 && !this.isToldReplaced(standIns)) this.breach('untold', 'replaced by a copy');
  }

  private isTold(outcome?: string): boolean {
    const { key, storedId } = this.object;
    return this.ending.announced.some(
      (detail) => detail['key'] === key && detail['versionId'] === storedId && (outcome === undefined || detail['outcome'] === outcome),
    );
  }

  /** By whichever event led to it: one of a null version that is gone may have. */
  private isToldReplaced(standIns: readonly Uploaded[]): boolean {
    return this.ending.announced.some(
      ({ key, outcome, replacedBy }) =>
        key === this.object.key && outcome === 're-encrypted' && standIns.some(({ storedId }) => storedId === replacedBy),
    );
  }

  /** Somebody was told where its copy lies. */
  private isToldMoved(): boolean {
    const { object, where } = this;
    return this.ending.announced.some(({ location, ...detail }) => {
      if (detail['key'] !== object.key || location === undefined) return false;
      if (!isNull(object)) return detail['versionId'] === object.storedId;
      return String(location).includes(`/etag-${object.etag}`) && where.copiesOf(object).length > 0;
    });
  }

  private checkPlace(): void {
    const { object, verdicts, rules, written } = this;
    const [rule] = rules;
    const isClosed = rules.some(({ accepted }) => accepted === 'client-side') && hasClosedInstructionFile(object, written);
    // Right by one rule and wrong by the next, or to be dealt with in two ways: either is a place for it, as long as it has one.
    if (rule === undefined || verdicts.size !== 1 || this.isAmbiguous()) this.checkSomewhere();
    else if (verdicts.has(true) || rule.action === 'report' || isUnproven(object, rule.accepted)) this.checkUntouched();
    else if (isClosed) this.checkSomewhere();
    else if (rule.action === 'reencrypt' && isInPlace(object, rule.accepted)) this.checkMended(rule);
    else this.checkDealtWith(rule);
  }

  private isAmbiguous(): boolean {
    const { rules, object } = this;
    const isChangedTarget = rules.length > 1 && rules.some(({ action }) => action === 'reencrypt');
    // Null versions with one ETag cannot be told apart, though one may be right by its metadata, or have time left: the documented exception.
    const mayBeMistaken = rules[0]?.accepted === 'client-side' && isNull(object) && this.where.twinsOf(object).length > 1;
    return this.hasActions() || isChangedTarget || mayBeMistaken || (this.ending.rules.length > 1 && this.tookTheBlow());
  }

  /** One of them may have begun what the other told. */
  private hasActions(): boolean {
    return new Set(this.rules.map(({ action }) => action)).size > 1;
  }

  /** The documented exception: it took the place of one with the same bytes that an earlier rule had found wrong, and went in its stead. */
  private tookTheBlow(): boolean {
    const { object, ledger } = this;
    return isNull(object) && ledger.removed.has(object) && this.where.twinsOf(object).length > 1;
  }

  private checkSomewhere(): void {
    const { where, object } = this;
    const isMoved = where.copiesOf(object).length > 0 && where.receiptsFor(object).length > 0;
    if (where.inSource(object) === undefined && !isMoved) this.breach('not in one place', 'neither');
  }

  private checkUntouched(): void {
    const { where, object } = this;
    const version = where.inSource(object);
    if (version === undefined || where.ownCopiesOf(object).length > 0 || object.encrypted.length > 1) this.breach('compliant touched');
    else if (!this.isSaid(version)) this.breach('compliant touched', 'tags');
  }

  /** It has the tags that its writer gave it. */
  private isSaid({ tags }: StoredVersion): boolean {
    const { object } = this;
    const { [VIOLATION_TAG]: violation, ...others } = tags;
    const isWriters = violation === undefined || object.kind === 'marked';
    return mayBeHit(object, this.written) || (isWriters && isDeepStrictEqual(others, object.said.at(-1)?.tags));
  }

  private checkMended({ accepted }: FaultRule): void {
    const { where, object } = this;
    const version = where.inSource(object);
    if (version === undefined || where.ownCopiesOf(object).length > 0 || encryption(object) !== accepted) this.breach('not mended');
    // Taking off the tag that it came with may undo what its writer says meanwhile: S3 has no condition for tags.
    else if (VIOLATION_TAG in version.tags || !(this.isSaid(version) || (object.kind === 'marked' && object.said.length > 1)))
      this.breach('tagged though right');
  }

  private checkDealtWith(rule: FaultRule): void {
    const { object, ledger } = this;
    const canMove = rule.action !== 'tag' && isMovable(object, rule);
    // Nothing safe can be done about a null version below others: it is reported, wherever its move had come to.
    const isBuried = isNull(object) && object.covered;
    // The documented exception: it took the place of one with the same bytes at the moment of its removal, and went in its stead.
    const isMistaken = isNull(object) && ledger.removed.has(object) && !canMove;
    // An annotation that came while it was copied keeps it, or came too late.
    const isAnnotatedLate = isLarge(object) && object.said[0].annotations.length < (object.said.at(-1)?.annotations.length ?? 0);
    if (isBuried || isMistaken || isAnnotatedLate) this.checkSomewhere();
    else if (canMove) this.checkMoved();
    else this.checkTagged(rule.action === 'tag');
  }

  private checkTagged(isNeverCopied: boolean): void {
    const { where, object } = this;
    const version = where.inSource(object);
    const mayLackTag = !this.ending.calm && mayBeHit(object, this.written);
    const isTagged = version !== undefined && (mayLackTag || PROVEN.includes(version.tags[VIOLATION_TAG] ?? ''));
    const isLocked = object.kind === 'locked' && !isNeverCopied;
    const copies = isLocked ? where.copiesOf(object).length : where.ownCopiesOf(object).length;
    // It took the place of one with the same bytes and no annotations between the look at these and the copy: copied, and then kept for its own.
    const mayBeCopied = isLarge(object) && isNull(object) && where.twinsOf(object).length > 1;
    if (!isTagged || (copies > 0 !== isLocked && !mayBeCopied)) this.breach('not in one place', `tagged: ${isTagged}, copied: ${copies}`);
  }

  private checkMoved(): void {
    const { where, object } = this;
    const copies = where.copiesOf(object).length;
    if (where.inSource(object) !== undefined) this.breach('not in one place', copies > 0 ? 'both' : 'not moved');
    else if (copies === 0 || where.receiptsFor(object).length === 0) this.breach('not in one place', 'neither');
  }

  /** Where nothing fails. */
  private checkCalm(): void {
    const { object, where, ending, ledger } = this;
    const isAbout = ({ about, queue }: Message) => queue === 'events' && about.some(({ key }) => key === object.key);
    // Two events of one key may begin at the same time, and leave one copy too many. Else the lifecycle of the quarantine removes it.
    const isOne = ending.messages.filter(isAbout).length <= 1;
    if (!object.discarded && !object.covered && isOne && where.isBeingCopied(object)) this.breach('left open');
    // Covered by somebody else, it is not the one to be copied any more.
    const copies = where.standInsFor(object).length;
    if (this.isToBeReplaced() && (copies > 1 || (copies === 0 && !object.covered))) this.breach('not mended', 'by a copy');
    const events = ending.messages.flatMap(({ about }) => about).filter((each) => each === object).length;
    // One look more is that of whoever wrote it.
    if (object.copyOf !== undefined && !isNull(object) && ledger.looksAt(object.storedId) > events + 1) this.breach('own write not known');
  }

  private isToBeReplaced(): boolean {
    const { object, verdicts } = this;
    const [rule] = this.ending.rules;
    if (rule?.action !== 'reencrypt' || verdicts.has(true) || object.discarded || isLarge(object)) return false;
    // S3 has no envelope to give, and what lies in an instruction file may not be there when it is looked for.
    const isMendable = rule.accepted !== 'client-side' || object.kind === 'sealed-other-key';
    return isMendable && isMovable(object, rule) && !isInPlace(object, rule.accepted) && isAlone(object, this.written);
  }

  private breach(invariant: Invariant, what = ''): void {
    const { key, id, kind, storedId } = this.object;
    this.ledger.breach(invariant, `${what} ${key} ${id} (${kind}, version ${storedId.slice(0, 6)})`.trim());
  }
}
