import {
  defaultEncryptionFor,
  describeAccepted,
  type EncryptionRequirement,
  requiredKeyArns,
  type ServerSideRequirement,
  serverSideOf,
  serverSideRequirement,
} from '../../lib/domain/requirement';
import { isServerSideScheme } from '../../lib/domain/scheme';
import { ENVELOPE } from './sample-declarations';
import { RIGHT_KEY, SECOND_KEY } from './sample-keys';

/** How what `clientSide()` requires by itself reads. */
const EITHER = 'Amazon S3 Encryption Client or AWS Encryption SDK, with key commitment';

const AES256 = { algorithm: 'AES256', keyArn: undefined };

/** Requirement; its keys; how it reads; what a bucket that requires it encrypts with by default. */
const SERVER_SIDE: readonly [ServerSideRequirement, readonly string[], string, object][] = [
  [{ scheme: 'SSE-S3' }, [], 'SSE-S3', AES256],
  [{ scheme: 'SSE-KMS', keyArns: [RIGHT_KEY] }, [RIGHT_KEY], `SSE-KMS under ${RIGHT_KEY}`, { algorithm: 'aws:kms', keyArn: RIGHT_KEY }],
  [
    { scheme: 'DSSE-KMS', keyArns: [SECOND_KEY, RIGHT_KEY] },
    [SECOND_KEY, RIGHT_KEY],
    `DSSE-KMS under one of ${SECOND_KEY}, ${RIGHT_KEY}`,
    { algorithm: 'aws:kms:dsse', keyArn: SECOND_KEY },
  ],
  // SSE-C cannot be a bucket's default.
  [{ scheme: 'SSE-C' }, [], 'SSE-C', AES256],
];

describe('a requirement', () => {
  test.each(SERVER_SIDE)('%j is put together from scheme and keys, and reads well', (requirement, keyArns, line, byDefault) => {
    expect(serverSideRequirement(requirement.scheme, keyArns)).toEqual(requirement);
    expect(serverSideOf(requirement)).toEqual(requirement);
    expect(requiredKeyArns(requirement)).toEqual(keyArns);
    expect(describeAccepted([requirement])).toBe(line);
    expect(defaultEncryptionFor(requirement)).toEqual(byDefault);
  });

  test.each(SERVER_SIDE)('client-side encryption stands, for S3, for what lies beneath: %j', (beneath, keyArns, line, byDefault) => {
    const requirement: EncryptionRequirement = { scheme: 'client-side', serverSide: beneath, envelope: ENVELOPE };
    expect(serverSideOf(requirement)).toEqual(beneath);
    expect(requiredKeyArns(requirement)).toEqual(keyArns);
    expect(describeAccepted([requirement])).toBe(`client-side encryption (${EITHER}), stored with ${line}`);
    expect(defaultEncryptionFor(requirement)).toEqual(byDefault);
  });

  test.each(['SSE-S3', 'SSE-C'] as const)('%s takes up no keys, even if given some', (scheme) => {
    expect(serverSideRequirement(scheme, [RIGHT_KEY])).toEqual({ scheme });
  });

  test('several that are accepted are told apart', () => {
    const accepted = [{ scheme: 'SSE-KMS', keyArns: [RIGHT_KEY] }, { scheme: 'SSE-S3' }, { scheme: 'SSE-C' }] as const;
    expect(describeAccepted(accepted)).toBe(`SSE-KMS under ${RIGHT_KEY}, or SSE-S3, or SSE-C`);
  });
});

test('of client-side encryption it is told what the envelope must be like', () => {
  const envelope = { formats: ['AWS Encryption SDK'], keyCommitment: false, wrappingKeyArns: [SECOND_KEY] } as const;
  expect(describeAccepted([{ scheme: 'client-side', serverSide: { scheme: 'SSE-S3' }, envelope }])).toBe(
    `client-side encryption (AWS Encryption SDK, wrapped by ${SECOND_KEY}), stored with SSE-S3`,
  );
});

describe('the names of what S3 itself can do', () => {
  test.each(['SSE-S3', 'SSE-KMS', 'DSSE-KMS', 'SSE-C'])('%s is one', (name) => {
    expect(isServerSideScheme(name)).toBe(true);
  });

  test.each(['client-side', 'sse-s3', 'AES256', 'aws:kms', '', 'toString', '__proto__', 'constructor', undefined, null, 1, ['SSE-S3']])(
    '%p is none',
    (name) => {
      expect(isServerSideScheme(name)).toBe(false);
    },
  );
});
