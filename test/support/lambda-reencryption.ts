import { enforceObject } from '../../lambda/encryption-enforcer/enforce-object';
import type { BucketRule } from '../../lib/domain/bucket-rule';
import type { AcceptedEncryption } from '../../lib/domain/requirement';
import { declare } from '../domain/sample-declarations';
import type { Upload, Versioning } from './in-memory-object-store';
import { BUCKET, OTHER_KEY, QUARANTINE, REQUIRED_KEY, SSE_S3, upload, type World, world } from './lambda-enforcer-world';
import { watched } from './lambda-intercepted-store';

export const KEY = 'reports/2026.csv';
export const TAG = 's3-encryption-guard:violation';
export const WRONG: Upload = {
  body: 'secret',
  encryption: SSE_S3,
  metadata: { author: 'a' },
  tags: { team: 'blue' },
  annotations: ['summary'],
};
export const LOCKED = { rekey: 'AccessDenied: Object Lock', delete: 'AccessDenied: Object Lock' };
export const UNDER_REQUIRED_KEY = `SSE-KMS under ${REQUIRED_KEY}`;
export const KMS: AcceptedEncryption = [{ scheme: 'SSE-KMS', keyArns: [REQUIRED_KEY, OTHER_KEY] }];
export const DSSE: AcceptedEncryption = [{ scheme: 'DSSE-KMS', keyArns: [REQUIRED_KEY] }];

export const ruleOf = (accepted: AcceptedEncryption): BucketRule => ({ declaration: declare(accepted), action: 'reencrypt' });

export interface Given {
  readonly accepted?: AcceptedEncryption;
  readonly versioning?: Versioning;
  readonly object?: Upload;
}

/** A guarded bucket with one wrong object in it. */
export function given({ accepted = KMS, versioning = 'enabled', object = WRONG }: Given = {}) {
  const here = world({ rule: ruleOf(accepted), versioning });
  return { ...here, written: upload(here.store, object) };
}

export async function enforced(setting: Given = {}) {
  const here = given(setting);
  const { store, calls } = watched(here.store);
  const outcome = await enforceObject(here.written, { ...here.ports, store });
  return { ...here, outcome, calls: calls.map(({ operation }) => operation), ...whatIsThere(here) };
}

export function whatIsThere({ store }: World) {
  const quarantined = store.keysOf(QUARANTINE);
  const copies = quarantined.filter((key) => key.startsWith('objects/')).flatMap((key) => store.versionsOf(QUARANTINE, key));
  return { versions: store.versionsOf(BUCKET, KEY), copies, quarantined };
}
