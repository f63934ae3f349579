import type { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ClientSideFormat, type ClientSideOptions, mixins, ObjectEncryption } from '../../lib';
import { ALIAS_ARN, OTHER_REGION_KEY, RIGHT_KEY } from '../domain/sample-keys';
import { newStack } from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

const { S3_ENCRYPTION_CLIENT, ENCRYPTION_SDK } = ClientSideFormat;
const { clientSide, sseS3 } = ObjectEncryption;
/** As somebody can who has no compiler. */
const wrong = (value: unknown): never => value as never;
const keyIn = (stack: Stack, keyArn: string) => kms.Key.fromKeyArn(stack, 'Key', keyArn);
const requireOf = (stack: Stack, encryption: ObjectEncryption) =>
  new s3.Bucket(stack, 'Records').with(new mixins.RequireEncryption(encryption));

function mistake(name: string, encryption: (stack: Stack) => ObjectEncryption, fault: Pick<Mistake, 'what' | 'value' | 'remedy'>): Mistake {
  return { mistake: name, make: (stack) => requireOf(stack, encryption(stack)), path: 'Data/Records/Resource', ...fault };
}

const withOptions = (name: string, options: (stack: Stack) => ClientSideOptions, fault: Pick<Mistake, 'what' | 'value' | 'remedy'>) =>
  mistake(name, (stack) => clientSide(options(stack)), fault);

const NO_KEYS = {
  what: /^wrappingKeys of clientSide\(\) is no list of keys, or empty$/,
  remedy: 'Pass the keys that clients may wrap data keys with, or leave it out for any.',
};
const SUFFIX = {
  what: /^instructionFileSuffix of clientSide\(\) must be a text of 1 to 1023 bytes$/,
  remedy: 'Pass what the client appends to keys, such as .instruction, or leave it out.',
};
const ONLY_THE_CLIENT = {
  what: /^clientSide\(\) was given an instructionFileSuffix, and only the S3 Encryption Client writes instruction files$/,
  remedy: 'Add format: ClientSideFormat.S3_ENCRYPTION_CLIENT, or leave the suffix out.',
};
const SEVERAL_PLACES = {
  what: /^client-side encryption is accepted in several forms whose envelopes lie in different places$/,
  remedy: 'Beside instruction files accept only the S3 Encryption Client, always with the same suffix, or use underPrefix().',
};
const files = (instructionFileSuffix: string) => clientSide({ format: S3_ENCRYPTION_CLIENT, instructionFileSuffix });

const MISTAKES: readonly Mistake[] = [
  withOptions('a format that is not known', () => ({ format: wrong('PGP') }), {
    what: /^clientSide\(\) was given a format that is not known$/,
    value: '"PGP"',
    remedy: 'Pass a ClientSideFormat, or leave it out for either.',
  }),
  withOptions('key commitment in words', () => ({ requireKeyCommitment: wrong('no') }), {
    what: /^requireKeyCommitment of clientSide\(\) must be true or false$/,
    value: '"no"',
    remedy: 'Leave it out for true.',
  }),
  withOptions('no wrapping keys', () => ({ wrappingKeys: [] }), { ...NO_KEYS, value: '[]' }),
  withOptions('an ARN for wrapping keys', () => ({ wrappingKeys: wrong(RIGHT_KEY) }), { ...NO_KEYS, value: JSON.stringify(RIGHT_KEY) }),
  withOptions('an alias for a wrapping key', (stack) => ({ wrappingKeys: [keyIn(stack, ALIAS_ARN)] }), {
    what: /^an alias was given instead of a KMS key; messages state the ARN of the key itself$/,
    value: '"Data/Key"',
    remedy: 'Pass the kms.Key itself, or import it with kms.Key.fromKeyArn().',
  }),
  withOptions('the alias of a wrapping key', (stack) => ({ wrappingKeys: [new kms.Key(stack, 'Key').addAlias('data')] }), {
    what: /^an alias was given instead of a KMS key; messages state the ARN of the key itself$/,
    value: '"Data/Key/Alias"',
    remedy: 'Pass the kms.Key itself, or import it with kms.Key.fromKeyArn().',
  }),
  withOptions('the ARN of a wrapping key', () => ({ wrappingKeys: [wrong(RIGHT_KEY)] }), {
    what: /^something was given that is not a KMS key$/,
    value: JSON.stringify(RIGHT_KEY),
    remedy: 'Pass kms.Key constructs, one by one; import a key of another stack with kms.Key.fromKeyArn().',
  }),
  withOptions('a wrapping key whose id is none', (stack) => ({ wrappingKeys: [keyIn(stack, `${RIGHT_KEY}0`)] }), {
    what: /^a wrapping key is named by something that is not a full key ARN$/,
    value: JSON.stringify(`${RIGHT_KEY}0`),
    remedy: 'Import it with kms.Key.fromKeyArn() and arn:<partition>:kms:<Region>:<account>:key/<key id>.',
  }),
  withOptions(
    'wrapping keys that no object states',
    (stack) => ({ format: S3_ENCRYPTION_CLIENT, wrappingKeys: [keyIn(stack, RIGHT_KEY)] }),
    {
      what: /^clientSide\(\) was given wrappingKeys, which objects of the S3 Encryption Client with key commitment never state$/,
      value: '1',
      remedy: 'Leave wrappingKeys out, choose ClientSideFormat.ENCRYPTION_SDK, or set requireKeyCommitment: false.',
    },
  ),
  withOptions('an empty suffix', () => ({ format: S3_ENCRYPTION_CLIENT, instructionFileSuffix: '' }), { ...SUFFIX, value: '""' }),
  withOptions('a number for a suffix', () => ({ format: S3_ENCRYPTION_CLIENT, instructionFileSuffix: wrong(1) }), {
    ...SUFFIX,
    value: '1',
  }),
  withOptions('a suffix longer than any key', () => ({ format: S3_ENCRYPTION_CLIENT, instructionFileSuffix: 'é'.repeat(512) }), {
    ...SUFFIX,
    value: JSON.stringify('é'.repeat(512)),
  }),
  withOptions('a suffix for either format', () => ({ instructionFileSuffix: '.instruction' }), {
    ...ONLY_THE_CLIENT,
    value: '"either format"',
  }),
  withOptions('a suffix for messages', () => ({ format: ENCRYPTION_SDK, instructionFileSuffix: '.instruction' }), {
    ...ONLY_THE_CLIENT,
    value: '"AWS Encryption SDK"',
  }),
  mistake('two suffixes', () => files('.a').alsoAccept(files('.b')), { ...SEVERAL_PLACES, value: '[".a",".b"]' }),
  mistake(
    'instruction files for some of what the S3 Encryption Client writes',
    () => files('.a').alsoAccept(clientSide({ format: S3_ENCRYPTION_CLIENT })),
    { ...SEVERAL_PLACES, value: '[".a","metadata alone"]' },
  ),
  mistake('instruction files beside messages', () => sseS3().alsoAccept(files('.a'), clientSide({ format: ENCRYPTION_SDK })), {
    ...SEVERAL_PLACES,
    value: '[".a","the message itself"]',
  }),
];

test.each(MISTAKES)('$mistake is refused: construct, what is wrong, value, remedy', (each) => {
  expectRefusal(each);
});

test.each<[string, (stack: Stack) => ObjectEncryption]>([
  ['a wrapping key that is known at deployment', (stack) => clientSide({ wrappingKeys: [new kms.Key(stack, 'Key')] })],
  ['a wrapping key of another Region: S3 does not use it', (stack) => clientSide({ wrappingKeys: [keyIn(stack, OTHER_REGION_KEY)] })],
  [
    'wrapping keys of older S3 Encryption Clients, which state them',
    (stack) => clientSide({ format: S3_ENCRYPTION_CLIENT, requireKeyCommitment: false, wrappingKeys: [keyIn(stack, RIGHT_KEY)] }),
  ],
  ['a suffix of its own under a prefix', () => files('.a').underPrefix('b/', files('.b'))],
  ['the same suffix twice', () => files('.a').alsoAccept(sseS3(), files('.a'))],
  ['both formats side by side', () => clientSide({ format: ENCRYPTION_SDK }).alsoAccept(clientSide({ format: S3_ENCRYPTION_CLIENT }))],
])('%s is accepted', (_, encryption) => {
  const stack = newStack();
  expect(() => requireOf(stack, encryption(stack))).not.toThrow();
});
