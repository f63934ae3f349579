import { type Action, decideAction } from '../../lib/domain/action';
import type { Violation } from '../../lib/domain/verdict';
import type { ObjectStore } from '../shared/object-store';
import { remains } from './after-removal';
import type { SeenObject } from './observe';
import type { Outcome, ViolationOutcome } from './outcome';
import { type QuarantinePorts, quarantine } from './quarantine';
import { tag } from './tag';

export type ActOutcome = ViolationOutcome | Extract<Outcome, { readonly kind: 'unfinished' }>;

const REMAINS = 'the null version remains below newer ones, or below a delete marker';

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
      return { kind: 'unfinished', progress: result.progress };
    case 'moved':
      return { kind: 'quarantined', ...deed, location: result.location, uncovered: result.uncovered };
    case 'hidden':
      return { kind: 'quarantined', ...deed, location: result.location, reducedBecause: REMAINS };
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
  return (await remains(object, store)) ? { kind: 'reported', ...deed, reducedBecause: REMAINS } : { kind: 'superseded', ...deed };
}
