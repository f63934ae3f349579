import type { ClientSideEvidence } from '../../lib/domain/client-side/evidence';
import type { ObservedEncryption } from '../../lib/domain/observation';
import { envelopesToReencrypt, reencryptionTarget, reencryptionTargets, reencryptionWay } from '../../lib/domain/reencryption';
import type { AcceptedEncryption, EncryptionRequirement } from '../../lib/domain/requirement';
import type { TargetEncryption } from '../../lib/domain/target-encryption';
import { ENVELOPE } from './sample-declarations';
import { ALIAS_ARN, BARE_RIGHT_ID, FOREIGN_ACCOUNT_KEY, OWNER_ACCOUNT, RIGHT_KEY, SECOND_KEY } from './sample-keys';

type Kind = ObservedEncryption['kind'];

const OWN: TargetEncryption = { scheme: 'SSE-KMS', keyArn: RIGHT_KEY };

/** Observed, required, whether it has a version id of its own → how. */
const TABLE: readonly (readonly [Kind, TargetEncryption, boolean, 'in-place' | 'copy'])[] = [
  ['SSE-S3', OWN, true, 'in-place'],
  ['SSE-KMS', OWN, true, 'in-place'],
  ['DSSE-KMS', OWN, true, 'copy'],
  ['none', OWN, true, 'copy'],
  ['SSE-C', OWN, true, 'copy'],
  ['unknown', OWN, true, 'copy'],
  ['unreadable', OWN, true, 'copy'],
  ['SSE-S3', OWN, false, 'copy'],
  ['SSE-KMS', OWN, false, 'copy'],
  ['SSE-S3', { scheme: 'SSE-KMS', keyArn: FOREIGN_ACCOUNT_KEY }, true, 'copy'],
  ['SSE-S3', { scheme: 'SSE-KMS', keyArn: ALIAS_ARN }, true, 'copy'],
  ['SSE-S3', { scheme: 'SSE-KMS', keyArn: BARE_RIGHT_ID }, true, 'copy'],
  ['SSE-S3', { scheme: 'DSSE-KMS', keyArn: RIGHT_KEY }, true, 'copy'],
  ['SSE-KMS', { scheme: 'DSSE-KMS', keyArn: RIGHT_KEY }, true, 'copy'],
  ['SSE-KMS', { scheme: 'SSE-S3' }, true, 'copy'],
];

test.each(TABLE)('from %s to %j, own version: %s: %s', (observed, target, hasOwnVersion, expected) => {
  expect(reencryptionWay({ observed, target, hasOwnVersion, account: OWNER_ACCOUNT })).toBe(expected);
});

test('the key must be of the account of the bucket, not of some other', () => {
  expect(reencryptionWay({ observed: 'SSE-S3', target: OWN, hasOwnVersion: true, account: '999988887777' })).toBe('copy');
});

const KMS: EncryptionRequirement = { scheme: 'SSE-KMS', keyArns: [RIGHT_KEY, SECOND_KEY] };
const DSSE: EncryptionRequirement = { scheme: 'DSSE-KMS', keyArns: [SECOND_KEY] };
const S3: EncryptionRequirement = { scheme: 'SSE-S3' };
const SSE_C: EncryptionRequirement = { scheme: 'SSE-C' };
const CLIENT: EncryptionRequirement = { scheme: 'client-side', serverSide: DSSE, envelope: ENVELOPE };
const UNDER_RIGHT: TargetEncryption = { scheme: 'SSE-KMS', keyArn: RIGHT_KEY };
const DSSE_UNDER_SECOND: TargetEncryption = { scheme: 'DSSE-KMS', keyArn: SECOND_KEY };
const SSE_S3: TargetEncryption = { scheme: 'SSE-S3' };

/** Accepted → what a plain object gets, what one gets that its client encrypted as required, and how many envelopes decide. */
const TARGETS: readonly (readonly [string, AcceptedEncryption, TargetEncryption | undefined, TargetEncryption | undefined, number])[] = [
  ['SSE-KMS: its first key', [KMS], UNDER_RIGHT, UNDER_RIGHT, 0],
  ['SSE-S3, or SSE-KMS: what is required', [S3, KMS], SSE_S3, SSE_S3, 0],
  ['SSE-C: nothing', [SSE_C], undefined, undefined, 0],
  ['SSE-C, or SSE-KMS: the one that S3 can', [SSE_C, KMS], UNDER_RIGHT, UNDER_RIGHT, 0],
  ['client-side: what lies beneath, if the client did its part', [CLIENT], undefined, DSSE_UNDER_SECOND, 1],
  ['client-side, or SSE-KMS', [CLIENT, KMS], UNDER_RIGHT, DSSE_UNDER_SECOND, 1],
  ['SSE-KMS, or client-side: the envelope does not matter', [KMS, CLIENT], UNDER_RIGHT, UNDER_RIGHT, 0],
  ['SSE-C, or client-side', [SSE_C, CLIENT], undefined, DSSE_UNDER_SECOND, 1],
];

const RIGHT_ENVELOPE: ClientSideEvidence = {
  kind: 'envelope',
  envelope: {
    format: 'AWS Encryption SDK',
    version: '2',
    algorithm: '05 78',
    keyCommitment: true,
    wrappingKeyArns: [],
    unnamedWrappingKeys: 1,
  },
};

describe('what S3 can make compliant, where this is accepted:', () => {
  test.each(TARGETS)('%s', (_, accepted, plain, encryptedByClient, envelopes) => {
    expect(reencryptionTarget(accepted, { kind: 'none' })).toEqual(plain);
    expect(reencryptionTarget(accepted, RIGHT_ENVELOPE)).toEqual(encryptedByClient);
    expect(envelopesToReencrypt(accepted)).toHaveLength(envelopes);
    expect(reencryptionTargets(accepted)).toEqual([...new Set([encryptedByClient, plain])].filter((each) => each !== undefined));
  });

  test.each<ClientSideEvidence | undefined>([
    undefined,
    { kind: 'malformed', why: 'half of it' },
    { kind: 'unreadable', why: 'AccessDenied' },
    { kind: 'instruction-file-missing', key: 'a.instruction' },
    { kind: 'instruction-file', of: 'a' },
  ])('with %j, nobody knows that the client did its part', (evidence) => {
    expect(reencryptionTarget([CLIENT], evidence)).toBeUndefined();
  });
});
