import { type Action, decideAction } from '../../lib/domain/action';
import type { TargetEncryption } from '../../lib/domain/target-encryption';
import type { Violation } from '../../lib/domain/verdict';
import type { ObjectStore } from '../shared/object-store';
import { REMAINS, remains } from './after-removal';
import type { SeenObject } from './observe';
import type { Outcome, ViolationOutcome } from './outcome';
import { type QuarantinePorts, quarantine } from './quarantine';
import { type ReencryptResult, reencrypt } from './reencrypt';
import { tag } from './tag';

export type ActOutcome = ViolationOutcome | Extract<Outcome, { readonly kind: 'unfinished' }>;

/** What the rule of a bucket says about its violations. */
export interface Order {
  readonly action: Action;
  /** How S3 is to encrypt it, or a copy, to make it compliant; undefined where it cannot, and where nobody asked. */
  readonly target: TargetEncryption | undefined;
}

/** What is done about one violation, and why less if it is less. */
interface Deed {
  readonly violation: Violation;
  readonly scheme: SeenObject['encryption']['kind'];
  readonly requested: Action;
  readonly reducedBecause?: string | undefined;
  readonly location?: string | undefined;
}

/** Does what is configured, or the most that the object and S3 allow: re-encrypt, else quarantine, else tag, else report. */
export async function act(object: SeenObject, violation: Violation, order: Order, ports: QuarantinePorts): Promise<ActOutcome> {
  const { action: requested, target } = order;
  const { action, reducedBecause } = decideAction(requested, violation, {
    encryption: object.encryption.kind,
    size: object.head?.size,
    nonCurrentNullVersion: object.nonCurrentNullVersion,
    target,
  });
  const deed: Deed = { violation, scheme: object.encryption.kind, requested, reducedBecause };
  switch (action) {
    case 'report':
      return { kind: 'reported', ...deed };
    case 'tag':
      return tagOrReport(object, deed, ports);
    case 'quarantine':
      return moveOrTag(object, deed, ports);
    case 'reencrypt':
      return reencryptOrMove(object, deed, target, ports);
  }
}

async function reencryptOrMove(
  object: SeenObject,
  deed: Deed,
  target: TargetEncryption | undefined,
  ports: QuarantinePorts,
): Promise<ActOutcome> {
  const { head } = object;
  if (head === undefined || target === undefined) return moveOrTag(object, deed, ports);
  const result = await reencrypt({ ...object, head }, deed, target, ports);
  switch (result.status) {
    case 'unfinished':
      return { kind: 'unfinished', progress: result.progress };
    case 're-encrypted':
      return reencrypted(object, deed, result, ports);
    case 'refused':
      return moveOrTag(object, less(deed, `not encrypted anew: ${result.why}`), ports);
    case 'superseded':
      return superseded(object, { ...deed, location: result.location }, ports.store);
  }
}

/** An original that stays below its copy is closed, as far as it can be. */
async function reencrypted(
  object: SeenObject,
  deed: Deed,
  { encryptedAs, replacedBy, location, staysBecause }: Extract<ReencryptResult, { readonly status: 're-encrypted' }>,
  ports: QuarantinePorts,
): Promise<ViolationOutcome> {
  const done = { kind: 're-encrypted', ...deed, encryptedAs, replacedBy, location } as const;
  if (staysBecause === undefined) return done;
  const stays = less(deed, `the version before it stays: ${staysBecause}`);
  // Which lies below others, so that a tag could hit another in its stead.
  if (staysBecause === REMAINS) return { ...done, ...stays, location };
  const tagged = await tag(object, deed.violation.reason, ports.store);
  return { ...done, ...(tagged.status === 'refused' ? less(stays, `not tagged: ${tagged.why}`) : stays), location };
}

async function moveOrTag(object: SeenObject, deed: Deed, ports: QuarantinePorts): Promise<ActOutcome> {
  const { head } = object;
  if (head === undefined) return tagOrReport(object, less(deed, 'S3 does not describe the object'), ports);
  const result = await quarantine({ ...object, head }, deed, ports);
  switch (result.status) {
    case 'unfinished':
      return { kind: 'unfinished', progress: result.progress };
    case 'moved':
      return { kind: 'quarantined', ...deed, location: result.location, uncovered: result.uncovered };
    case 'hidden':
      return { kind: 'quarantined', ...less(deed, REMAINS), location: result.location };
    case 'copied':
      return tagOrReport(object, { ...less(deed, `copied, but not deleted: ${result.why}`), location: result.location }, ports);
    case 'refused':
      return tagOrReport(object, less(deed, `not copied: ${result.why}`), ports);
    case 'superseded':
      return superseded(object, { ...deed, location: result.location }, ports.store);
  }
}

async function tagOrReport(object: SeenObject, deed: Deed, ports: QuarantinePorts): Promise<ViolationOutcome> {
  const result = await tag(object, deed.violation.reason, ports.store);
  switch (result.status) {
    case 'tagged':
      return { kind: 'tagged', ...deed };
    case 'refused':
      return { kind: 'reported', ...less(deed, `not tagged: ${result.why}`) };
    case 'gone':
    case 'changed':
      return superseded(object, deed, ports.store);
  }
}

/** What somebody else laid on top of a null version does not remove it, if versioning was switched on. */
async function superseded(object: SeenObject, deed: Deed, store: ObjectStore): Promise<ViolationOutcome> {
  return (await remains(object, store)) ? { kind: 'reported', ...less(deed, REMAINS) } : { kind: 'superseded', ...deed };
}

/** Each step down adds its reason. */
function less(deed: Deed, why: string): Deed {
  return { ...deed, reducedBecause: [deed.reducedBecause, why].filter(Boolean).join('; ') };
}
