import fc from 'fast-check';
import { bucketPolicyStatements } from '../../lib/domain/bucket-policy';
import { type EncryptionFields, observedEncryption } from '../../lib/domain/observation';
import type { EncryptionRequirement } from '../../lib/domain/requirement';
import { evaluate } from '../../lib/domain/verdict';
import { arnOf, type KeyParts, keyParts, SEEDED } from '../domain/arbitraries';
import { ALIAS_NAME, FOREIGN_ACCOUNT, OWNER_ACCOUNT, RIGHT_KEY, SECOND_KEY } from '../domain/sample-keys';
import { contextOf, type EncryptionHeaders, HEADERS } from '../support/policy-requests';
import { type ModelAnswer, type ModelBucket, putObject, updateObjectEncryption } from '../support/policy-s3-model';
import { BUCKET_ARN, simulate } from '../support/policy-simulator';

/**
 * The promise: the policy lets a write in exactly where the object it makes is compliant.
 *
 * Client-side encryption is left out: S3 does not see it, so no object is ever proven compliant (`client-side-unverifiable`).
 *
 * The only exception is the spelling of a key. Whoever names the required key by alias or bare id is refused, although the
 * object would be compliant: the policy compares spellings, and the same spelling from another account is another key.
 */
const namesKeyWithoutArn = ({ key }: EncryptionHeaders) => key !== undefined && !key.includes(':key/');

type Agreement = 'lets in what is compliant' | 'refuses what is not' | 'refuses a spelling' | 'S3 itself refuses';

/** What the bucket encrypts with when an upload says nothing; SSE-C cannot be a default, so S3 falls to AES256. */
function defaultOf(requirement: EncryptionRequirement): EncryptionFields {
  switch (requirement.scheme) {
    case 'SSE-KMS':
      return { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: requirement.keyArns[0] };
    case 'DSSE-KMS':
      return { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: requirement.keyArns[0] };
    default:
      return { ServerSideEncryption: 'AES256' };
  }
}

const isCompliant = (requirement: EncryptionRequirement, stored: EncryptionFields) =>
  evaluate(requirement, observedEncryption(stored)).compliant;

/** @throws where policy and verdict disagree */
async function agreement(
  requirement: EncryptionRequirement,
  bucket: ModelBucket,
  upload: { readonly action: string; readonly headers: EncryptionHeaders; readonly requester: string },
): Promise<Agreement> {
  const { action, headers, requester } = upload;
  const context = { ...contextOf(headers), 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };
  const { result } = await simulate(bucketPolicyStatements(requirement, BUCKET_ARN), { action, account: requester, context });
  const answer = putObject(bucket, headers, requester);
  if ('refused' in answer) return 'S3 itself refuses';
  const compliant = isCompliant(requirement, answer.stored);
  if (namesKeyWithoutArn(headers)) {
    expect({ result, headers, requirement }).toEqual({ result: 'ExplicitlyDenied', headers, requirement });
    return 'refuses a spelling';
  }
  const expected = compliant ? 'Allowed' : 'ExplicitlyDenied';
  expect({ result, headers, requester, requirement }).toEqual({ result: expected, headers, requester, requirement });
  return compliant ? 'lets in what is compliant' : 'refuses what is not';
}

const bucketWith = (requirement: EncryptionRequirement, key: KeyParts): ModelBucket => ({
  partition: key.partition,
  region: key.region,
  defaultEncryption: defaultOf(requirement),
  // The alias points to the required key in its own account, and to another in the foreign one.
  aliases: { [key.account]: { [ALIAS_NAME]: key.id } },
});

const rightParts: KeyParts = { partition: 'aws', region: 'eu-west-1', account: OWNER_ACCOUNT, id: RIGHT_KEY.split('/')[1] ?? '' };

const REQUIREMENTS: readonly EncryptionRequirement[] = [
  { scheme: 'SSE-S3' },
  { scheme: 'SSE-KMS', keyArns: [RIGHT_KEY] },
  { scheme: 'SSE-KMS', keyArns: [RIGHT_KEY, SECOND_KEY] },
  { scheme: 'DSSE-KMS', keyArns: [RIGHT_KEY] },
  { scheme: 'DSSE-KMS', keyArns: [RIGHT_KEY, SECOND_KEY] },
  { scheme: 'SSE-C' },
];
/** How many of the uploads of the table (each by two requesters) make a compliant object, counted by hand. */
const LET_IN = [4, 4, 6, 4, 6, 2];

describe('policy and verdict agree', () => {
  test.each(
    REQUIREMENTS.map((requirement, row) => ({
      requirement,
      letIn: LET_IN[row],
      keys: 'keyArns' in requirement ? requirement.keyArns.length : 0,
    })),
  )(
    'on every header of the table, for $requirement.scheme under $keys keys: $letIn uploads make a compliant object',
    async ({ requirement, letIn }) => {
      const uploads = Object.values(HEADERS).flatMap((headers) =>
        [OWNER_ACCOUNT, FOREIGN_ACCOUNT].map((requester) => ({ action: 's3:PutObject', headers, requester })),
      );
      const bucket = bucketWith(requirement, rightParts);
      const outcomes = await Promise.all(uploads.map((upload) => agreement(requirement, bucket, upload)));
      expect(outcomes.filter((outcome) => outcome === 'lets in what is compliant')).toHaveLength(letIn ?? Number.NaN);
      expect(new Set(outcomes)).toEqual(
        new Set(['lets in what is compliant', 'refuses what is not', 'refuses a spelling', 'S3 itself refuses']),
      );
    },
  );

  test('on every upload to every bucket, whatever the keys, and on replicas that carry the same headers', async () => {
    const seen = new Map<Agreement, number>();
    await fc.assert(
      fc.asyncProperty(situations, async ({ requirement, first, upload }) => {
        const outcome = await agreement(requirement, bucketWith(requirement, first), upload);
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      }),
      { ...SEEDED, numRuns: 3000 },
    );
    // Not vacuous: each kind of outcome came up often.
    expect([...seen.values()].map((count) => count > 200)).toEqual([true, true, true, true]);
  });

  test('on every re-keying in place, which can only end at SSE-KMS under a full ARN', async () => {
    const results = new Set<string>();
    await fc.assert(
      fc.asyncProperty(situations, keyParts, fc.boolean(), async ({ requirement, first }, stranger, hit) => {
        const key = arnOf(hit ? first : stranger);
        const context = { ...contextOf({ algorithm: 'aws:kms', key }), 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };
        const statements = bucketPolicyStatements(requirement, BUCKET_ARN);
        const { result } = await simulate(statements, { action: 's3:UpdateObjectEncryption', context });
        const compliant = isCompliant(requirement, storedBy(updateObjectEncryption(key)));
        expect(result).toBe(compliant ? 'Allowed' : 'ExplicitlyDenied');
        results.add(result);
      }),
      SEEDED,
    );
    expect([...results].sort()).toEqual(['Allowed', 'ExplicitlyDenied']);
  });

  test('except on the spelling: the required key by its alias is refused, though it would do', async () => {
    const requirement: EncryptionRequirement = { scheme: 'SSE-KMS', keyArns: [RIGHT_KEY] };
    const headers = { algorithm: 'aws:kms', key: ALIAS_NAME };
    const bucket = bucketWith(requirement, rightParts);
    const upload = { action: 's3:PutObject', headers, requester: OWNER_ACCOUNT };
    expect(await agreement(requirement, bucket, upload)).toBe('refuses a spelling');
    expect(isCompliant(requirement, storedBy(putObject(bucket, headers, OWNER_ACCOUNT)))).toBe(true);
    expect(isCompliant(requirement, storedBy(putObject(bucket, headers, FOREIGN_ACCOUNT)))).toBe(false);
  });
});

function storedBy(answer: ModelAnswer): EncryptionFields {
  if ('refused' in answer) throw new Error(answer.refused);
  return answer.stored;
}

/** The key header of an upload: one of the required keys, or that with one part changed, or another spelling of it. */
const keyHeaders = (keys: readonly KeyParts[], stranger: KeyParts) =>
  fc
    .constantFrom(...keys)
    .chain((key) =>
      fc.oneof(
        fc.constant(arnOf(key)),
        fc.constantFrom(
          arnOf(stranger),
          arnOf({ ...key, account: stranger.account }),
          arnOf({ ...key, region: stranger.region, partition: stranger.partition }),
          arnOf({ ...key, id: stranger.id }),
          key.id,
          ALIAS_NAME,
        ),
      ),
    );

/** Mostly what clients send, now and then any combination at all. */
const headersOf = (keys: readonly KeyParts[], stranger: KeyParts): fc.Arbitrary<EncryptionHeaders> => {
  const key = keyHeaders(keys, stranger);
  const kms = fc.constantFrom('aws:kms', 'aws:kms:dsse');
  return fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom({}, { algorithm: 'AES256' }, { customerAlgorithm: 'AES256' }) },
    { weight: 4, arbitrary: fc.record({ algorithm: kms, key }, { requiredKeys: ['algorithm'] }) },
    fc.record(
      { algorithm: fc.oneof(kms, fc.constantFrom('AES256', 'aws:fsx')), key, customerAlgorithm: fc.constant('AES256') },
      { requiredKeys: [] },
    ),
  );
};

const requirementUnder = (keys: readonly KeyParts[]): fc.Arbitrary<EncryptionRequirement> =>
  fc.oneof(
    fc.record({ scheme: fc.constantFrom('SSE-S3' as const, 'SSE-C' as const) }),
    fc.record({ scheme: fc.constantFrom('SSE-KMS' as const, 'DSSE-KMS' as const), keyArns: fc.constant(keys.map(arnOf)) }),
  );

const situations = fc.tuple(fc.array(keyParts, { minLength: 1, maxLength: 4 }), keyParts).chain(([keys, stranger]) =>
  fc.record({
    requirement: requirementUnder(keys),
    first: fc.constant(keys[0] ?? stranger),
    upload: fc.record({
      action: fc.constantFrom('s3:PutObject', 's3:ReplicateObject'),
      requester: fc.constantFrom(OWNER_ACCOUNT, FOREIGN_ACCOUNT),
      headers: headersOf(keys, stranger),
    }),
  }),
);
