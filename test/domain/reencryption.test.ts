import type { ObservedEncryption } from '../../lib/domain/observation';
import { reencryptionWay } from '../../lib/domain/reencryption';
import type { TargetEncryption } from '../../lib/domain/target-encryption';
import { ALIAS_ARN, BARE_RIGHT_ID, FOREIGN_ACCOUNT_KEY, OWNER_ACCOUNT, RIGHT_KEY } from './sample-keys';

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
