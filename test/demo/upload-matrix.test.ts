import { EXCHANGE_BUCKET_CASES } from '../../demo/matrix/exchange-bucket';
import { type EncryptionHeader, GUARDED_BUCKETS, type GuardedBucket, HEADERS, isOmitted, MANNERS } from '../../demo/matrix/upload-case';
import { UPLOAD_MATRIX } from '../../demo/upload-matrix';

const casesOf = (bucket: GuardedBucket) => UPLOAD_MATRIX.filter((each) => each.bucket === bucket);

/** These take a key in another account. */
const OF_TWO_ACCOUNTS: readonly EncryptionHeader[] = ['aws:kms, unshared key', 'aws:kms, third account'];

/** Those where S3's encryption is all that is required, and what is wrong is moved. */
type ServerSideBucket = Exclude<GuardedBucket, 'ClientSideBucket' | 'MendedBucket'>;
const SERVER_SIDE_BUCKETS = GUARDED_BUCKETS.filter(
  (bucket): bucket is ServerSideBucket => !['ClientSideBucket', 'MendedBucket'].includes(bucket),
);

/** What a bucket needs no row for. */
const NOT_APPLICABLE: Readonly<Record<ServerSideBucket, readonly EncryptionHeader[]>> = {
  KmsBucket: ['aws:kms:dsse, no key'],
  // No key is the right one where none is required, and one disabled key is enough to show what follows.
  S3Bucket: ['aws:kms, right key', 'aws:kms, disabled key', 'aws:kms:dsse, right key', 'aws:kms:dsse, no key'],
  DsseBucket: ['aws:kms, disabled key'],
};

describe.each(SERVER_SIDE_BUCKETS)('%s', (bucket) => {
  const cases = casesOf(bucket);

  test('is uploaded to with every header', () => {
    const headers = new Set(cases.filter(({ manner }) => manner === 'put').map(({ header }) => header));
    expect([...headers].sort()).toEqual(
      HEADERS.filter((header) => ![...NOT_APPLICABLE[bucket], ...OF_TWO_ACCOUNTS].includes(header)).sort(),
    );
  });

  test('is uploaded to wrongly in every manner', () => {
    const wrong = cases.filter(({ deniedBy }) => deniedBy.length > 0);
    expect(new Set(wrong.map(({ manner }) => manner))).toEqual(new Set(MANNERS));
  });

  test('gets every odd name', () => {
    const folders = cases.map(({ folder }) => folder);
    for (const part of ['  ', '+', '%2B', 'ü', '\n']) expect(folders.filter((folder) => folder.includes(part))).not.toEqual([]);
    expect(cases.map(({ shape }) => shape)).toEqual(expect.arrayContaining(['ends with a slash', '1,024 bytes long']));
  });

  test('gets each case under a key of its own', () => {
    expect(new Set(cases.map(({ folder }) => folder)).size).toBe(cases.length);
  });
});

test('has at least 30 rows that no engine refuses', () => {
  expect(UPLOAD_MATRIX.filter(({ ifRefused }) => ifRefused === undefined).length).toBeGreaterThanOrEqual(30);
});

test('what the policy denies is a violation for the enforcer, and the other way round', () => {
  const serverSide = UPLOAD_MATRIX.filter(({ bucket }) => bucket !== 'ClientSideBucket');
  for (const { deniedBy, expected } of serverSide) expect(expected.outcome === 'compliant').toBe(deniedBy.length === 0);
});

describe('the bucket that requires client-side encryption', () => {
  const cases = casesOf('ClientSideBucket');

  test('gets what is sealed, what only looks so, and what is not, none of which its policy can tell apart', () => {
    const allowed = cases.filter(({ header, manner }) => header === 'no header' && manner === 'put');
    expect(allowed.map(({ content = 'plain', expected, deniedBy }) => [content, expected.reason ?? 'compliant', deniedBy])).toEqual([
      ['Encryption SDK message', 'compliant', []],
      ['message without key commitment', 'no-key-commitment', []],
      ['forged message', 'malformed-envelope', []],
      ['S3 Encryption Client metadata', 'compliant', []],
      ['bare x-amz-c', 'malformed-envelope', []],
      ['plain', 'not-client-side-encrypted', []],
    ]);
  });

  test('is denied what is wrong beneath, as any other', () => {
    const denied = cases.filter(({ deniedBy }) => deniedBy.length > 0);
    expect(denied.map(({ expected }) => expected.reason)).toEqual(['wrong-scheme']);
  });

  test('gets each case under a key of its own', () => {
    expect(new Set(cases.map(({ folder }) => folder)).size).toBe(cases.length);
  });
});

describe('the bucket that re-encrypts', () => {
  const cases = casesOf('MendedBucket');

  test('has what is wrong encrypted as required, in its place', () => {
    expect(cases.map(({ header, expected }) => [header, expected.outcome, expected.location])).toEqual([
      ['no header', 'compliant', 'its bucket'],
      ['AES256', 're-encrypted', 'its bucket, as required'],
      ['AES256', 're-encrypted', 'its bucket, as required'],
    ]);
  });

  test('gets nothing where the engine would destroy it, and everything elsewhere', () => {
    expect(cases.map((each) => isOmitted(each, ['UpdateObjectEncryption destroys']))).toEqual([true, true, true]);
    expect(UPLOAD_MATRIX.filter((each) => isOmitted(each, ['DSSE key not reported', 'KMS permissions not checked']))).toEqual([]);
  });
});

test('a good version that was overwritten must be back', () => {
  const overwrites = UPLOAD_MATRIX.filter(({ manner }) => manner === 'overwrite');
  expect(overwrites.map(({ expected }) => expected.location)).toEqual(Array(3).fill('quarantine, good one back'));
});

describe('the bucket under a key of another account', () => {
  const writes = (header: EncryptionHeader) => EXCHANGE_BUCKET_CASES.filter((each) => each.header === header).map(({ manner }) => manner);

  test('is uploaded to under the shared key by default and by header, and under keys of a third account, in parts and as copies too', () => {
    expect(writes('no header')).toEqual(['put', 'multipart', 'copy', 'zero bytes']);
    expect(writes('aws:kms, right key')).toEqual(['put']);
    expect(writes('aws:kms, third account')).toEqual(['put', 'copy']);
    expect(writes('aws:kms, unshared key')).toEqual(['put', 'multipart']);
    for (const header of [...OF_TWO_ACCOUNTS, 'aws:kms, other key', 'AES256', 'SSE-C'] as const) expect(writes(header)).toContain('put');
  });

  test('is denied by its policy what is a violation for the enforcer, and the other way round', () => {
    for (const { deniedBy, expected } of EXCHANGE_BUCKET_CASES) expect(expected.outcome === 'compliant').toBe(deniedBy.length === 0);
  });

  test('stays usable only where both halves of the permission are there', () => {
    for (const { expected, keyHalves } of EXCHANGE_BUCKET_CASES) if (expected.outcome === 'compliant') expect(keyHalves).toHaveLength(2);
  });

  test('gets each case under a key of its own', () => {
    expect(new Set(EXCHANGE_BUCKET_CASES.map(({ folder }) => folder)).size).toBe(EXCHANGE_BUCKET_CASES.length);
  });
});
