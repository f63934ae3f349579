import { enforceObject } from '../../lambda/encryption-enforcer/enforce-object';
import type { BucketRule } from '../../lib/domain/bucket-rule';
import type { EnvelopeRequirement } from '../../lib/domain/client-side/requirement';
import { declare, ENVELOPE } from '../domain/sample-declarations';
import type { Upload } from './in-memory-object-store';
import { upload, type World } from './lambda-enforcer-world';
import { watched } from './lambda-intercepted-store';

export const CLIENT_SIDE_KEY = 'report.csv';
export const S3EC = 'Amazon S3 Encryption Client';
export const SDK = 'AWS Encryption SDK';

/** A bucket that requires client-side encryption over SSE-S3. */
export const clientSideRule = (envelope: Partial<EnvelopeRequirement>): BucketRule => ({
  declaration: declare([{ scheme: 'client-side', serverSide: { scheme: 'SSE-S3' }, envelope: { ...ENVELOPE, ...envelope } }]),
  action: 'quarantine',
});

/** The object's event comes: what becomes of it, and which requests about its verdict that takes. */
export async function verified(here: World, object: Upload, key = CLIENT_SIDE_KEY) {
  const written = upload(here.store, object, key);
  const { store, calls } = watched(here.store);
  const outcome = await enforceObject(written, { ...here.ports, store });
  const looks = calls.map(({ operation }) => operation).filter((operation) => operation === 'head' || operation === 'readStart');
  return { outcome, written, requests: looks.slice(0, looks.lastIndexOf('readStart') + 1).length || 1, calls };
}

/** `quarantined: malformed-envelope` */
export function summary(outcome: object): string {
  const { kind, violation } = outcome as { kind: string; violation?: { reason: string } };
  return violation === undefined ? kind : `${kind}: ${violation.reason}`;
}
