import { VIOLATION_TAG } from '../../lib/domain/contract';
import { acceptedWithin, type Ledger, OLDEST_RULE_MILLIS, type RuleHistory } from './fault-ledger';
import type { Message } from './fault-queue';
import { complies, isLarge, isNull, type Uploaded } from './fault-uploads';

/** What a tag may say. */
const PROVEN: readonly string[] = ['wrong-scheme', 'wrong-key', 'malformed-envelope', 'instruction-file-missing'];

export interface Ending {
  readonly written: readonly Uploaded[];
  readonly messages: readonly Message[];
  readonly announced: readonly Readonly<Record<string, unknown>>[];
  readonly rules: RuleHistory;
  readonly now: number;
  /** No fault was injected. */
  readonly calm: boolean;
}

/** Once all is quiet: where is each version, and was it told? What waits in the dead-letter queue may still be under way. */
export function checkEnding(ledger: Ledger, ending: Ending): void {
  const pending = new Set(ending.messages.filter(({ state }) => state === 'dead').flatMap(({ about }) => about));
  for (const message of ending.messages) {
    if (message.state !== 'done' && message.state !== 'dead') ledger.breach('message without verdict', `${message.id} is ${message.state}`);
  }
  for (const object of ending.written) {
    checkBytes(ledger, object);
    if (!pending.has(object)) checkPlace(ledger, object, ending);
    if (ending.calm) checkClosed(ledger, object, ending);
  }
}

/** Where nothing fails and nobody interferes, what was begun is completed. Else the lifecycle of the quarantine removes it. */
function checkClosed(ledger: Ledger, object: Uploaded, { messages, rules }: Ending): void {
  // Two events of one key may begin at the same time, and leave one copy too many.
  const told = messages.filter(({ about, queue }) => queue === 'events' && about.some(({ key }) => key === object.key)).length;
  if (object.discarded || object.covered || told > 1 || rules.length > 1) return;
  if (ledger.isBeingCopied(object)) ledger.breach('left open', nameOf(object));
}

function checkBytes(ledger: Ledger, object: Uploaded): void {
  if (object.discarded || ledger.inSource(object) !== undefined) return;
  if (ledger.copiesOf(object).length === 0) ledger.breach('bytes lost', nameOf(object));
}

function checkPlace(ledger: Ledger, object: Uploaded, { written, announced, rules, now, calm }: Ending): void {
  const verdicts = new Set(acceptedWithin(rules, object.at - OLDEST_RULE_MILLIS, now).map((accepted) => complies(object, accepted)));
  // Whoever moved it died before it could say so, and whoever came next went by another rule, or found the same content again in its
  // place. It is safe in quarantine, with its receipt.
  const mayBeUntold = verdicts.size > 1 || (isNull(object) && ledger.twinsOf(object).length > 1);
  if (ledger.removed.has(object) && !mayBeUntold && !isTold(ledger, object, announced)) ledger.breach('untold', nameOf(object));
  if (object.discarded) return;
  // Right by one rule and wrong by the next: either is a place for it, as long as it has one.
  if (verdicts.size > 1 || (rules.length > 1 && tookTheBlow(ledger, object))) checkSomewhere(ledger, object);
  else if (verdicts.has(true)) checkUntouched(ledger, object, written);
  else if (rules.some(({ accepted }) => accepted === 'client-side') && hasClosedInstructionFile(object, written))
    checkSomewhere(ledger, object);
  else checkDealtWith(ledger, object, !calm && mayBeHit(object, written));
}

/** What cannot be read proves nothing: an SSE-C object in the place of its instruction file, past the policy, keeps an object from being moved, as documented. */
function hasClosedInstructionFile({ key }: Uploaded, written: readonly Uploaded[]): boolean {
  return written.some((each) => each.key === `${key}.instruction` && each.kind === 'sse-c');
}

/** The documented exception: it took the place of one with the same bytes that an earlier rule had found wrong, and went in its stead. */
function tookTheBlow(ledger: Ledger, object: Uploaded): boolean {
  return isNull(object) && ledger.removed.has(object) && ledger.twinsOf(object).length > 1;
}

function checkSomewhere(ledger: Ledger, object: Uploaded): void {
  const isMoved = ledger.copiesOf(object).length > 0 && ledger.receiptsFor(object).length > 0;
  if (ledger.inSource(object) === undefined && !isMoved) ledger.breach('not in one place', `neither: ${nameOf(object)}`);
}

function checkUntouched(ledger: Ledger, object: Uploaded, written: readonly Uploaded[]): void {
  const version = ledger.inSource(object);
  if (version === undefined || ledger.ownCopiesOf(object).length > 0) ledger.breach('compliant touched', nameOf(object));
  else if (!mayBeHit(object, written) && JSON.stringify(version.tags) !== JSON.stringify(object.said.at(-1)?.tags))
    ledger.breach('compliant touched', `tags of ${nameOf(object)}`);
}

/** S3 has no conditional tagging: what took the place of a tagged object may be hit by a request that was under way, as documented. */
function mayBeHit(object: Uploaded, written: readonly Uploaded[]): boolean {
  return written.some((each) => each !== object && each.key === object.key && isNull(each));
}

function checkDealtWith(ledger: Ledger, object: Uploaded, mayLackTag: boolean): void {
  // Nothing safe can be done about a null version below others: it is reported, wherever its move had come to.
  const isBuried = isNull(object) && object.covered;
  // The documented exception: it took the place of one with the same bytes at the moment of its removal, and went in its stead.
  const isMistaken = isNull(object) && ledger.removed.has(object) && !ledger.isMovable(object);
  // An annotation that came while it was copied keeps it, or came too late.
  const isAnnotatedLate = isLarge(object) && object.said[0].annotations.length < (object.said.at(-1)?.annotations.length ?? 0);
  if (isBuried || isMistaken || isAnnotatedLate) checkSomewhere(ledger, object);
  else if (ledger.isMovable(object)) checkMoved(ledger, object);
  else checkTagged(ledger, object, mayLackTag);
}

function checkTagged(ledger: Ledger, object: Uploaded, mayLackTag: boolean): void {
  const version = ledger.inSource(object);
  const isTagged = version !== undefined && (mayLackTag || PROVEN.includes(version.tags[VIOLATION_TAG] ?? ''));
  const copies = object.kind === 'locked' ? ledger.copiesOf(object).length : ledger.ownCopiesOf(object).length;
  const isCopied = copies > 0;
  // It took the place of one with the same bytes and no annotations between the look at these and the copy: copied, and then kept for its own.
  const mayBeCopied = isLarge(object) && isNull(object) && ledger.twinsOf(object).length > 1;
  if (!isTagged || (isCopied !== (object.kind === 'locked') && !mayBeCopied)) {
    ledger.breach('not in one place', `tagged: ${isTagged}, copied: ${copies}: ${nameOf(object)}`);
  }
}

function checkMoved(ledger: Ledger, object: Uploaded): void {
  const copies = ledger.copiesOf(object).length;
  if (ledger.inSource(object) !== undefined) ledger.breach('not in one place', `${copies > 0 ? 'both' : 'not moved'}: ${nameOf(object)}`);
  else if (copies === 0 || ledger.receiptsFor(object).length === 0) ledger.breach('not in one place', `neither: ${nameOf(object)}`);
}

/** Somebody was told where its copy lies. */
function isTold(ledger: Ledger, object: Uploaded, announced: Ending['announced']): boolean {
  const { key, storedId } = object;
  return announced.some(({ location, ...detail }) => {
    if (detail['key'] !== key || location === undefined) return false;
    if (!isNull(object)) return detail['versionId'] === storedId;
    return String(location).includes(`/etag-${object.etag}`) && ledger.copiesOf(object).length > 0;
  });
}

function nameOf({ key, id, kind, storedId }: Uploaded): string {
  return `${key} ${id} (${kind}, version ${storedId.slice(0, 6)})`;
}
