import type { EncryptionRequirement } from '../../lib/domain/requirement';
import { type TargetEncryption, targetEncryption } from '../../lib/domain/target-encryption';
import { RIGHT_KEY, SECOND_KEY } from './sample-keys';

test.each<[EncryptionRequirement, TargetEncryption | undefined]>([
  [{ scheme: 'SSE-S3' }, { scheme: 'SSE-S3' }],
  [
    { scheme: 'SSE-KMS', keyArns: [RIGHT_KEY, SECOND_KEY] },
    { scheme: 'SSE-KMS', keyArn: RIGHT_KEY },
  ],
  [
    { scheme: 'DSSE-KMS', keyArns: [SECOND_KEY, RIGHT_KEY] },
    { scheme: 'DSSE-KMS', keyArn: SECOND_KEY },
  ],
  [{ scheme: 'SSE-KMS', keyArns: [] }, undefined],
  [{ scheme: 'SSE-C' }, undefined],
  [{ scheme: 'client-side', serverSide: { scheme: 'SSE-S3' } }, undefined],
  [{ scheme: 'client-side', serverSide: { scheme: 'SSE-KMS', keyArns: [RIGHT_KEY] } }, undefined],
])('a copy meets %j by %j', (requirement, expected) => {
  expect(targetEncryption(requirement)).toEqual(expected);
});
