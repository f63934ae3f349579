import { encryptionStatements } from '../../lib/domain/bucket-policy';
import { CLIENT_SIDE_FORMATS } from '../../lib/domain/client-side/evidence';
import { liesInContent } from '../../lib/domain/client-side/requirement';
import type { EncryptionDeclaration } from '../../lib/domain/declaration';
import { type EncryptionRequirement, envelopesIn, needsContent } from '../../lib/domain/requirement';
import { declare, ENVELOPE } from './sample-declarations';

const ARN = 'arn:aws:s3:::guarded-bucket';
const [S3EC, SDK] = CLIENT_SIDE_FORMATS;
const over = (envelope: object): EncryptionRequirement => ({
  scheme: 'client-side',
  serverSide: { scheme: 'SSE-S3' },
  envelope: { ...ENVELOPE, ...envelope },
});
const MESSAGES = over({ formats: [SDK] });
const files = (instructionFileSuffix: string) => over({ formats: [S3EC], instructionFileSuffix });
const rule = (prefix: string, ...[first, ...others]: [EncryptionRequirement, ...EncryptionRequirement[]]) => ({
  prefix,
  accepted: [first, ...others] as const,
});

/** As they go into the policy, without what was there before. */
function addedTo(declaration: EncryptionDeclaration) {
  return encryptionStatements(declaration, ARN).filter(({ Sid }) => /Archived|InstructionFiles/.test(Sid));
}

const denial = { Effect: 'Deny', Principal: { AWS: '*' } };
const ARCHIVED = { Action: ['s3:PutObject'], Condition: { StringEquals: { 's3:x-amz-storage-class': ['GLACIER', 'DEEP_ARCHIVE'] } } };
const SSE_C = {
  Action: ['s3:PutObject', 's3:ReplicateObject'],
  Condition: { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } },
};

describe('the statements on what the enforcer could not read', () => {
  test('are one for messages, on everything', () => {
    expect(addedTo(declare([MESSAGES]))).toEqual([{ ...denial, Sid: 'DenyArchivedObjects', ...ARCHIVED, Resource: [`${ARN}/*`] }]);
  });

  test('are one for all prefixes with messages, and spare those with other things', () => {
    const sparing = declare([MESSAGES], { prefixRules: [rule('a/', { scheme: 'SSE-S3' }), rule('b/', MESSAGES)] });
    expect(addedTo(sparing)).toEqual([{ ...denial, Sid: 'DenyArchivedObjects', ...ARCHIVED, NotResource: [`${ARN}/a/*`] }]);
    const only = declare([{ scheme: 'SSE-S3' }], { prefixRules: [rule('a/', MESSAGES), rule('b/', MESSAGES)] });
    expect(addedTo(only)).toEqual([
      { ...denial, Sid: expect.stringMatching(/^DenyArchivedObjectsOnA[0-9a-f]{8}$/), ...ARCHIVED, Resource: [`${ARN}/a/*`, `${ARN}/b/*`] },
    ]);
  });

  test('are one for all instruction files, said once where one ending covers another', () => {
    const prefixRules = [rule('a/', files('.i')), rule('b/', files('.j')), rule('c*/', files('.x.i')), rule('d/', files('${'))];
    expect(addedTo(declare([files('.i')], { prefixRules }))).toEqual([
      {
        ...denial,
        Sid: 'DenyArchivedInstructionFiles',
        ...ARCHIVED,
        Resource: [`${ARN}/*.i`, `${ARN}/b/*.j`, `${ARN}/d/*\${$}{`],
      },
    ]);
  });

  test('are one more for SSE-C beside instruction files, only where both are', () => {
    const prefixRules = [rule('a/', files('.i'), { scheme: 'SSE-C' }), rule('b/', files('.i')), rule('c/', { scheme: 'SSE-C' })];
    expect(addedTo(declare([{ scheme: 'SSE-S3' }], { prefixRules }))).toEqual([
      { ...denial, Sid: 'DenyArchivedInstructionFiles', ...ARCHIVED, Resource: [`${ARN}/a/*.i`, `${ARN}/b/*.i`] },
      { ...denial, Sid: 'DenyInstructionFilesUnderCustomerKeys', ...SSE_C, Resource: [`${ARN}/a/*.i`] },
    ]);
  });

  test.each<[string, EncryptionDeclaration]>([
    ['either format', declare([over({})])],
    ['envelopes in metadata', declare([over({ formats: [S3EC] })])],
    ['messages beside what needs no evidence', declare([MESSAGES, { scheme: 'SSE-S3' }])],
    ['SSE-S3 and SSE-C', declare([{ scheme: 'SSE-S3' }, { scheme: 'SSE-C' }])],
  ])('are none for %s', (_, declaration) => {
    expect(addedTo(declaration)).toEqual([]);
  });
});

test.each<[readonly (typeof CLIENT_SIDE_FORMATS)[number][], boolean]>([
  [[SDK], true],
  [[S3EC], false],
  [[S3EC, SDK], false],
])('the envelope of %j can lie in the content only: %s', (formats, expected) => {
  expect(liesInContent({ ...ENVELOPE, formats })).toBe(expected);
});

test('what is accepted needs the content of an object where each way does', () => {
  expect(needsContent([MESSAGES, MESSAGES])).toBe(true);
  expect(needsContent([MESSAGES, over({})])).toBe(false);
  expect(needsContent([MESSAGES, { scheme: 'SSE-C' }])).toBe(false);
  expect(needsContent([{ scheme: 'SSE-S3' }])).toBe(false);
});

test('envelopes are those of client-side encryption only', () => {
  expect(envelopesIn([{ scheme: 'SSE-S3' }, MESSAGES])).toEqual([{ ...ENVELOPE, formats: [SDK] }]);
});
