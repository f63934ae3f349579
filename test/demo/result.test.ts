import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DSSE_KEY_UNSEEN_HERE, STAYS } from '../../demo/matrix/endings';
import type { UploadCase } from '../../demo/matrix/upload-case';
import { isSuccess, resultRow, resultRows, skippedIn, writeResult } from '../../demo/result';
import { judge } from '../../demo/row';
import { resultOf, rowOf, uploadOf, WRONG } from './samples';

const REFUSABLE: UploadCase = {
  ...WRONG,
  header: 'aws:kms, no key',
  deniedBy: ['DenyKmsWithoutKey'],
  ifRefused: 'the engine does not know it',
};

test('a row says what was done, what came of it, and what had to', () => {
  expect(resultRow(rowOf())).toEqual({
    bucket: 'kms-bucket',
    key: 'aes256/file',
    upload: 'AES256',
    policyAnswer: 'Denied',
    policyStatement: 'DenyWrongEncryption',
    engineAnswer: 200,
    verdict: 'violation',
    reason: 'wrong-scheme',
    action: 'quarantined',
    location: 's3://quarantine-bucket/objects/kms-bucket/aes256/file/v1',
    whereabouts: 'quarantine',
    millisToVerdict: 120,
    expected: 'bucket policy: Denied by DenyWrongEncryption; quarantined (wrong-scheme) → quarantine',
    observed: 'bucket policy: Denied by DenyWrongEncryption; quarantined (wrong-scheme) → quarantine',
    ok: true,
  });
});

const verdict = { outcome: 'quarantined', reason: 'wrong-scheme', millis: 1, namesVersion: true };

test.each([
  ['another verdict', { verdict: { ...verdict, outcome: 'compliant' } }],
  ['another reason', { verdict: { ...verdict, reason: 'wrong-key' } }],
  ['no verdict', { verdict: undefined }],
  ['another place', { whereabouts: 'its bucket' as const }],
  ['a copy that is not there', { whereabouts: 'LOST: no copy' as const }],
  ['a policy that allows', { policy: { answer: 'Allowed' as const, deniedBy: [] } }],
  ['a policy that denies by another statement', { policy: { answer: 'Denied' as const, deniedBy: ['DenyWrongKey'] } }],
  ['rights on AWS that do not suffice', { onAws: { ending: WRONG.expected, because: 'the role may not' } }],
  ['a refusal that nobody foresaw', { upload: uploadOf(WRONG, { status: 400 }), verdict: undefined, whereabouts: undefined }],
  ['a failure of the engine', { upload: uploadOf(REFUSABLE, { status: 500 }), verdict: undefined, whereabouts: undefined }],
])('%s is a mismatch', (_, difference) => {
  const row = rowOf(difference);
  expect(judge(row)).toBe('MISMATCH');
  expect(resultRow(row).expected).not.toBe(resultRow(row).observed);
  expect(resultRow(row).ok).toBe(false);
});

describe('an upload that the engine refuses and AWS knows', () => {
  const policy = { answer: 'Denied' as const, deniedBy: ['DenyKmsWithoutKey'] };
  const refused = { upload: uploadOf(REFUSABLE, { status: 400 }), verdict: undefined, whereabouts: undefined, onAws: undefined };

  test('is skipped with the reason, and is no row', () => {
    const row = rowOf({ ...refused, policy });
    expect(resultRows([row])).toEqual([]);
    expect(skippedIn([row])).toEqual([
      expect.objectContaining({ why: 'the engine does not know it', policyStatement: 'DenyKmsWithoutKey', engineAnswer: 400 }),
    ]);
  });

  test('is a mismatch all the same if the policy answers otherwise', () => {
    const row = rowOf({ ...refused, policy: { answer: 'Allowed', deniedBy: [] } });
    expect(judge(row)).toBe('MISMATCH');
    expect(resultRows([row])).toHaveLength(1);
  });
});

test('an engine that asks the bucket policy, and refuses, does as AWS does', () => {
  const row = rowOf({ upload: uploadOf(WRONG, { status: 403 }), verdict: undefined, whereabouts: undefined, onAws: undefined });
  expect(judge(row)).toBe('as expected');
  expect(judge({ ...row, upload: uploadOf({ ...WRONG, deniedBy: [], expected: STAYS }, { status: 403 }) })).toBe('MISMATCH');
});

describe('where the engine is not like AWS', () => {
  const cannotCopy = { outcome: 'tagged', reason: 'wrong-key', location: 'its bucket, tagged' } as const;
  const moved = { outcome: 'quarantined', reason: 'wrong-key', location: 'quarantine' } as const;
  const foreign: UploadCase = { ...WRONG, expected: cannotCopy, underLimit: { limit: 'KMS permissions not checked', expected: moved } };
  const limits = ['KMS permissions not checked'] as const;
  const byKey = { ...verdict, reason: 'wrong-key' };

  test('the outcome on AWS stands beside that of the engine', () => {
    const onAws = { ending: cannotCopy, because: 'the role may not' };
    const row = resultRow(rowOf({ upload: uploadOf(foreign), limits, verdict: byKey, onAws }));
    expect(row).toMatchObject({ ok: true, action: 'quarantined' });
    expect(row.awsOutcome).toBe('tagged (wrong-key) → its bucket, tagged: the role may not');
  });

  test('rights that would suffice on AWS are a mismatch, since they must not', () => {
    expect(judge(rowOf({ upload: uploadOf(foreign), limits, verdict: byKey, onAws: { ending: moved } }))).toBe('MISMATCH');
  });

  test('a DSSE-KMS key that the engine does not report leaves the object unjudged, and the row says so', () => {
    const good: UploadCase = {
      ...WRONG,
      bucket: 'DsseBucket',
      header: 'no header',
      deniedBy: [],
      expected: STAYS,
      ...DSSE_KEY_UNSEEN_HERE,
    };
    const unidentified = { outcome: 'reported', reason: 'key-unidentified', millis: 1, namesVersion: true };
    const policy = { answer: 'Allowed', deniedBy: [] } as const;
    const seen = { upload: uploadOf(good), policy, verdict: unidentified, whereabouts: 'its bucket' as const, onAws: undefined };
    const row = resultRow(rowOf({ ...seen, limits: ['DSSE key not reported'] }));
    expect(row).toMatchObject({ ok: true, reason: 'key-unidentified', awsOutcome: expect.stringContaining('Not shown here') });
    expect(judge(rowOf({ ...seen, limits: [] }))).toBe('MISMATCH');
  });
});

describe('where the key is in another account', () => {
  const both: UploadCase = { ...WRONG, header: 'no header', deniedBy: [], keyHalves: ['key policy', 'IAM policy'], expected: STAYS };
  const stays = { policy: { answer: 'Allowed' as const, deniedBy: [] }, verdict: { outcome: 'compliant', millis: 1, namesVersion: true } };
  const kept = { ...stays, whereabouts: 'its bucket' as const, onAws: { ending: STAYS } };
  const allowed = { answer: 'Allowed' as const, keyStatement: 'AllowUse', iamStatement: 'statement 3' };

  test('a row says which statement is which half of the permission', () => {
    expect(resultRow(rowOf({ upload: uploadOf(both), ...kept, key: allowed }))).toMatchObject({
      kmsAnswer: 'Allowed',
      keyPolicyStatement: 'AllowUse',
      iamPolicyStatement: 'statement 3',
      expected: 'bucket policy: Allowed; KMS: Allowed, by both halves; compliant → its bucket',
      ok: true,
    });
  });

  test.each([
    ['a half that is missing', { ...allowed, answer: 'Denied' as const, keyStatement: null }],
    ['both halves missing', { answer: 'Denied' as const, keyStatement: null, iamStatement: null }],
    ['a denial in spite of both', { ...allowed, answer: 'Denied' as const }],
    ['a question that was not asked', undefined],
  ])('%s is a mismatch, whatever the engine shows', (_, key) => {
    expect(judge(rowOf({ upload: uploadOf(both), ...kept, key }))).toBe('MISMATCH');
  });

  test('what the engine stored though KMS would not have let it is told of', () => {
    const key = { answer: 'Denied' as const, keyStatement: null, iamStatement: null };
    expect(skippedIn([rowOf({ key }), rowOf()]).map(({ what }) => what)).toEqual([
      'refusal of 1 uploads by KMS',
      'refusal of 2 uploads by the bucket policies',
    ]);
  });
});

test('a run is a success if all ended as expected, and there was something', () => {
  expect(isSuccess([{ ok: true }, { ok: true }])).toBe(true);
  expect(isSuccess([{ ok: true }, { ok: false }])).toBe(false);
  expect(isSuccess([])).toBe(false);
});

test('policies that the engine does not ask are told of once', () => {
  expect(skippedIn([rowOf(), rowOf()])).toEqual([{ what: 'refusal of 2 uploads by the bucket policies', why: expect.any(String) }]);
});

test('the file is written also where rows do not match', () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-result-'));
  const result = resultOf([resultRow(rowOf({ verdict: undefined }))]);
  const path = writeResult(folder, result);
  expect(existsSync(path)).toBe(true);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(result);
  rmSync(folder, { recursive: true });
});
