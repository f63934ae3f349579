import { type Action, decideAction } from '../../lib/domain/action';
import type { Violation } from '../../lib/domain/verdict';
import type { SeenObject } from './observe';
import type { Outcome } from './outcome';
import { type QuarantinePorts, quarantine } from './quarantine';
import { tag } from './tag';

/** What is done about one violation, and why less if it is less. */
interface Deed {
  readonly violation: Violation;
  readonly requested: Action;
  readonly reducedBecause?: string | undefined;
  readonly location?: string | undefined;
}

/** Does what is configured, or the most that the object and S3 allow: quarantine, else tag, else report. */
export async function act(object: SeenObject, violation: Violation, requested: Action, ports: QuarantinePorts): Promise<Outcome> {
  const { action, reducedBecause } = decideAction(requested, violation, {
    encryption: object.encryption.kind,
    size: object.head?.size,
    nonCurrentNullVersion: object.nonCurrentNullVersion,
  });
  const deed: Deed = { violation, requested, reducedBecause };
  switch (action) {
    case 'report':
      return { kind: 'reported', ...deed };
    case 'tag':
      return tagOrReport(object, deed, ports);
    case 'quarantine':
      return moveOrTag(object, deed, ports);
  }
}

async function moveOrTag(object: SeenObject, deed: Deed, ports: QuarantinePorts): Promise<Outcome> {
  const { head } = object;
  if (head === undefined) return tagOrReport(object, { ...deed, reducedBecause: 'S3 does not describe the object' }, ports);
  const result = await quarantine({ ...object, head }, deed.violation, ports);
  switch (result.status) {
    case 'moved':
      return { kind: 'quarantined', ...deed, location: result.location, reducedBecause: result.remains };
    case 'copied':
      return tagOrReport(object, { ...deed, location: result.location, reducedBecause: `copied, but not deleted: ${result.why}` }, ports);
    case 'refused':
      return tagOrReport(object, { ...deed, reducedBecause: `not copied: ${result.why}` }, ports);
    case 'gone':
      return { kind: 'gone' };
    case 'changed':
      return { kind: 'superseded', violation: deed.violation };
  }
}

async function tagOrReport(object: SeenObject, deed: Deed, ports: QuarantinePorts): Promise<Outcome> {
  const result = await tag(object, deed.violation.reason, ports.store);
  switch (result.status) {
    case 'tagged':
      return { kind: 'tagged', ...deed };
    case 'refused':
      return { kind: 'reported', ...deed, reducedBecause: [deed.reducedBecause, `not tagged: ${result.why}`].filter(Boolean).join('; ') };
    case 'gone':
      return { kind: 'gone' };
    case 'changed':
      return { kind: 'superseded', violation: deed.violation };
  }
}
