import { printableFields } from '../../lib/domain/object-events';

/** An event of an enforcer as EventBridge passes it on: schemas/events.v1.schema.json. */
export interface SampleEvent {
  readonly 'detail-type'?: string;
  readonly time?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export const VIOLATION = 'S3 Object Encryption Violation';

const DETAIL = {
  version: '1',
  enforcer: 'Data-Enforcer-0a1b2c3d',
  bucket: 'records',
  key: 'a/b.txt',
  versionId: 'v1',
  outcome: 'reported',
  reason: 'wrong-scheme',
  expected: 'SSE-KMS under arn:aws:kms:eu-west-1:111122223333:key/k',
  observed: 'SSE-S3',
  requested: 'report',
};

export function objectEvent({ detail: changed, ...event }: SampleEvent = {}) {
  const detail = { ...DETAIL, ...changed };
  return {
    version: '0',
    id: '8f5d9a3e-6d0c-4b6e-9f5b-0d1e2f3a4b5c',
    source: 'cdk-s3-encryption-guard',
    account: '111122223333',
    region: 'eu-west-1',
    'detail-type': VIOLATION,
    time: '2026-11-22T10:00:00Z',
    ...event,
    detail: { ...detail, printable: printableFields(detail) },
  };
}
