import { type Action, decideAction } from '../../lib/domain/action';
import type { Violation } from '../../lib/domain/verdict';
import { isNullVersion, type ObjectHead, type ObjectStore } from '../shared/object-store';
import type { SeenObject } from './observe';
import type { ViolationOutcome } from './outcome';
import { type QuarantinePorts, quarantine } from './quarantine';
import { tag } from './tag';

export type ActOutcome = ViolationOutcome | { readonly kind: 'unfinished' };

/** What is done about one violation, and why less if it is less. */
interface Deed {
  readonly violation: Violation;
  readonly scheme: SeenObject['encryption']['kind'];
  readonly requested: Action;
  readonly reducedBecause?: string | undefined;
  readonly location?: string | undefined;
}

/** Does what is configured, or the most that the object and S3 allow: quarantine, else tag, else report. */
export async function act(object: SeenObject, violation: Violation, requested: Action, ports: QuarantinePorts): Promise<ActOutcome> {
  const { action, reducedBecause } = decideAction(requested, violation, {
    encryption: object.encryption.kind,
    size: object.head?.size,
    nonCurrentNullVersion: object.nonCurrentNullVersion,
  });
  const deed: Deed = { violation, scheme: object.encryption.kind, requested, reducedBecause };
  switch (action) {
    case 'report':
      return { kind: 'reported', ...deed };
    case 'tag':
      return tagOrReport(object, deed, ports);
    case 'quarantine':
      return moveOrTag(object, deed, ports);
  }
}

async function moveOrTag(object: SeenObject, deed: Deed, ports: QuarantinePorts): Promise<ActOutcome> {
  const { head } = object;
  if (head === undefined) return tagOrReport(object, { ...deed, reducedBecause: 'S3 does not describe the object' }, ports);
  const result = await quarantine({ ...object, head }, deed.violation, ports);
  switch (result.status) {
    case 'unfinished':
      return { kind: 'unfinished' };
    case 'moved': {
      const reducedBecause = await whatRemains(object, ports.store);
      return {
        kind: 'quarantined',
        ...deed,
        location: result.location,
        reducedBecause,
        uncovered: await uncoveredBy({ ...object, head }, ports.store),
      };
    }
    case 'copied':
      return tagOrReport(object, { ...deed, location: result.location, reducedBecause: `copied, but not deleted: ${result.why}` }, ports);
    case 'refused':
      return tagOrReport(object, { ...deed, reducedBecause: `not copied: ${result.why}` }, ports);
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
      return { kind: 'reported', ...deed, reducedBecause: [deed.reducedBecause, `not tagged: ${result.why}`].filter(Boolean).join('; ') };
    case 'gone':
    case 'changed':
      return superseded(object, deed, ports.store);
  }
}

/** What somebody else laid on top of a null version does not remove it, if versioning was switched on. */
async function superseded(object: SeenObject, deed: Deed, store: ObjectStore): Promise<ViolationOutcome> {
  const remains = await whatRemains(object, store);
  return remains === undefined ? { kind: 'superseded', ...deed } : { kind: 'reported', ...deed, reducedBecause: remains };
}

/** Without its newest version, an object is the one before. That may be years old, and nobody may know that it is there. */
async function uncoveredBy(moved: SeenObject & { readonly head: ObjectHead }, store: ObjectStore): Promise<string | undefined> {
  if (isNullVersion(moved)) return undefined;
  const current = await store.head({ bucket: moved.bucket, key: moved.key });
  if (current.status !== 'found') return undefined;
  const { versionId, lastModified = new Date(0) } = current.head;
  return moved.head.lastModified !== undefined && lastModified <= moved.head.lastModified ? versionId : undefined;
}

/** Looks whether the null version that was judged is still there: a plain delete only hides it where versioning is on. */
async function whatRemains(object: SeenObject, store: ObjectStore): Promise<string | undefined> {
  const { bucket, key, head } = object;
  if (head === undefined || !isNullVersion(object)) return undefined;
  const below = await store.head({ bucket, key, versionId: 'null' });
  const isSame = below.status === 'found' && below.head.etag === head.etag;
  return isSame ? 'the null version remains below newer ones, or below a delete marker' : undefined;
}
