import type { Deployment } from '../../demo/deployment';
import type { UploadCase } from '../../demo/matrix/upload-case';
import type { DemoResult, ResultRow } from '../../demo/result';
import type { Row } from '../../demo/row';
import type { Accounts } from '../../demo/two-accounts/accounts';
import { contentOf, type Upload } from '../../demo/uploads/upload';

const KEYS = 'arn:aws:kms:eu-west-1:111111111111:key';

export const DEPLOYMENT: Deployment = {
  KmsBucket: 'kms-bucket',
  KmsBucketKey: `${KEYS}/11111111-1111-4111-8111-111111111111`,
  S3Bucket: 's3-bucket',
  DsseBucket: 'dsse-bucket',
  DsseBucketKey: `${KEYS}/22222222-2222-4222-8222-222222222222`,
  ClientSideBucket: 'client-side-bucket',
  OtherKey: `${KEYS}/33333333-3333-4333-8333-333333333333`,
  QuarantineBucket: 'quarantine-bucket',
  QuarantineKey: `${KEYS}/44444444-4444-4444-8444-444444444444`,
  EnforcerLogs: '/enforcer',
  ReleaseFunction: 'release',
};

export const FOREIGN_KEY = 'arn:aws:kms:eu-west-1:222222222222:key/55555555-5555-4555-8555-555555555555';

export const WRONG: UploadCase = {
  bucket: 'KmsBucket',
  header: 'AES256',
  manner: 'put',
  folder: 'aes256',
  deniedBy: ['DenyWrongEncryption'],
  expected: { outcome: 'quarantined', reason: 'wrong-scheme', location: 'quarantine' },
};

export function uploadOf(uploadCase: UploadCase, fields: Partial<Upload> = {}): Upload {
  const content = contentOf(Buffer.from('content'));
  return {
    case: uploadCase,
    bucket: 'kms-bucket',
    key: 'aes256/file',
    content,
    status: 200,
    versionId: 'v1',
    answeredAt: 0,
    headers: {},
    ...fields,
  };
}

/** An upload that ended as `WRONG` has to. */
export function rowOf(fields: Partial<Row> = {}): Row {
  const location = 's3://quarantine-bucket/objects/kms-bucket/aes256/file/v1';
  return {
    upload: uploadOf(WRONG),
    policy: { answer: 'Denied', deniedBy: ['DenyWrongEncryption'] },
    limits: [],
    verdict: { outcome: 'quarantined', reason: 'wrong-scheme', location, millis: 120, namesVersion: true },
    whereabouts: 'quarantine',
    onAws: { ending: WRONG.expected },
    ...fields,
  };
}

export const ACCOUNTS: Accounts = {
  key: { account: '111111111111', stack: 'KeyOwner', keyArn: DEPLOYMENT.KmsBucketKey },
  data: { account: '222222222222', stack: 'KeyConsumer', bucket: 'kms-bucket' },
  questions: [
    {
      who: 'enforcer',
      account: '222222222222',
      action: 'kms:Decrypt',
      purpose: 'moves what is wrong',
      answer: 'Allowed',
      keyStatement: 'AllowUseThroughS3ByAccounts',
      iamStatement: 'DecryptUnderCrossAccountKeys',
      expected: 'Allowed, by both halves',
      observed: 'Allowed, by both halves',
      ok: true,
    },
  ],
};

export function resultOf(rows: readonly ResultRow[], fields: Partial<DemoResult> = {}): DemoResult {
  const engine = { name: 'MiniStack', endpoint: 'http://127.0.0.1:1', startedByDemo: true, limits: [], workarounds: [] };
  return { engine, startedAt: '2026-11-22T00:00:00.000Z', timings: { total: 1 }, rows, skipped: [], ...fields };
}
