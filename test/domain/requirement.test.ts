import { describeRequirement, type EncryptionRequirement, requiredKeyArns, requirementOf } from '../../lib/domain/requirement';
import { isScheme } from '../../lib/domain/scheme';
import { RIGHT_KEY, SECOND_KEY } from './sample-keys';

describe('a requirement', () => {
  test.each<[EncryptionRequirement, readonly string[], string]>([
    [{ scheme: 'SSE-S3' }, [], 'SSE-S3'],
    [{ scheme: 'SSE-KMS', keyArns: [RIGHT_KEY] }, [RIGHT_KEY], `SSE-KMS under ${RIGHT_KEY}`],
    [
      { scheme: 'DSSE-KMS', keyArns: [RIGHT_KEY, SECOND_KEY] },
      [RIGHT_KEY, SECOND_KEY],
      `DSSE-KMS under one of ${RIGHT_KEY}, ${SECOND_KEY}`,
    ],
    [{ scheme: 'SSE-C' }, [], 'SSE-C'],
    [{ scheme: 'client-side' }, [], 'client-side'],
  ])('%j is put together from scheme and keys, and reads well', (requirement, keyArns, line) => {
    expect(requirementOf(requirement.scheme, keyArns)).toEqual(requirement);
    expect(requiredKeyArns(requirement)).toEqual(keyArns);
    expect(describeRequirement(requirement)).toBe(line);
  });

  test.each(['SSE-S3', 'SSE-C', 'client-side'] as const)('%s takes up no keys, even if given some', (scheme) => {
    expect(requirementOf(scheme, [RIGHT_KEY])).toEqual({ scheme });
  });
});

describe('the names of the schemes', () => {
  test.each(['SSE-S3', 'SSE-KMS', 'DSSE-KMS', 'SSE-C', 'client-side'])('%s is one', (name) => {
    expect(isScheme(name)).toBe(true);
  });

  test.each(['sse-s3', 'AES256', 'aws:kms', '', 'toString', '__proto__', 'constructor', undefined, null, 1, ['SSE-S3']])(
    '%p is none',
    (name) => {
      expect(isScheme(name)).toBe(false);
    },
  );
});
