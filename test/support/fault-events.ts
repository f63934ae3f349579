import { notificationRecord, objectCreated, rekeyed } from './events';
import type { Random } from './fault-random';
import type { Uploaded } from './fault-uploads';
import { BUCKET } from './lambda-enforcer-world';

export interface EventMessage {
  readonly body: string;
  readonly about: readonly Uploaded[];
  readonly delayMillis: number;
}

/** S3 speaks of a write at least once, in no order, soon or not, through EventBridge or by itself. */
export function messagesAbout(object: Uploaded, written: readonly Uploaded[], random: Random): EventMessage[] {
  return Array.from({ length: random.chance(0.25) ? random.between(2, 3) : 1 }, () => {
    const delayMillis = random.between(0, random.pick([0, 500, 5_000, 90_000, 1_200_000]));
    return { ...(random.chance(0.7) ? throughEventBridge(object, random) : byItself(object, written, random)), delayMillis };
  });
}

/** S3 itself says nothing of what is encrypted anew in place. CloudTrail does, minutes later, and without an ETag. */
export function messageAboutRekeying(object: Uploaded, now: number, random: Random): EventMessage {
  const event = rekeyed(namesOf(object), { eventTime: wholeSeconds(now) });
  return { body: JSON.stringify(event), about: [object], delayMillis: random.between(1_000, 600_000) };
}

function throughEventBridge(object: Uploaded, random: Random) {
  const { versionId, copyOf } = object;
  // Where versioning is suspended, events may name the null version, or none.
  const named = { ...namesOf(object), versionId: versionId === 'null' && random.chance(0.5) ? undefined : versionId };
  const event = objectCreated(named);
  const detail = { ...event.detail, reason: copyOf === undefined ? 'PutObject' : 'CopyObject' };
  return { body: JSON.stringify({ ...event, detail, time: wholeSeconds(object.at) }), about: [object] };
}

/** EventBridge tells no more. */
function wholeSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Its records can be of several objects. */
function byItself(object: Uploaded, written: readonly Uploaded[], random: Random) {
  const other = written[random.between(0, written.length - 1)];
  const about = other === undefined || other === object || random.chance(0.7) ? [object] : [other, object];
  const Records = about.map((each) => ({
    ...notificationRecord(namesOf(each), each.copyOf === undefined ? 'ObjectCreated:Put' : 'ObjectCreated:Copy'),
    eventTime: new Date(each.at).toISOString(),
  }));
  return { body: JSON.stringify({ Records }), about };
}

function namesOf({ key, etag, versionId }: Uploaded) {
  return { bucket: BUCKET, key, etag, versionId };
}
