import type { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptedBucket, EncryptionEnforcer, EnforcementAction, mixins, ObjectEncryption } from '../../lib';
import { decodeRule } from '../../lib/domain/bucket-rule';
import { OTHER_KEY, RIGHT_KEY, SECOND_KEY } from '../domain/sample-keys';
import { bucketResource, complaintsOf, newStack, onlyResourceOf, resourceOf, statementsOf, textOf } from '../support/stacks';

const { RequireEncryption } = mixins;
const { sseS3, sseKms, dsseKms, sseC, clientSide } = ObjectEncryption;
const WRITER = 'arn:aws:iam::111122223333:role/writer';
const KEY_HEADER = 's3:x-amz-server-side-encryption-aws-kms-key-id';

const keyIn = (stack: Stack, keyArn: string) => kms.Key.fromKeyArn(stack, `Key${keyArn.slice(-4)}`, keyArn);
const requireOf = (stack: Stack, encryption: ObjectEncryption, props?: s3.BucketProps) => {
  const bucket = new s3.Bucket(stack, 'Records', props);
  bucket.with(new RequireEncryption(encryption));
  return bucket;
};
const defaultOf = (stack: Stack, bucket: s3.Bucket) =>
  bucketResource(stack, bucket).Properties.BucketEncryption.ServerSideEncryptionConfiguration[0];

/** Under which prefixes a statement of that name stands, in the order of the policy; `!` for everywhere else. */
function placesOf(stack: Stack, bucket: s3.Bucket, sid: RegExp): string[][] {
  const within = (resource: unknown) => textOf(resource).replace(/^.*?\}?(?=\/)/, '');
  return statementsOf(stack, bucket)
    .filter(({ Sid = '' }) => sid.test(Sid))
    .map((statement) => {
      const { Resource, NotResource } = statement as { Resource: unknown; NotResource?: unknown };
      return NotResource === undefined ? [Resource].flat().map(within) : [NotResource].flat().map((each) => `!${within(each)}`);
    });
}

describe('one value with prefixes, several encryptions and an exemption', () => {
  const make = () => {
    const stack = newStack();
    const encryption = sseKms(keyIn(stack, RIGHT_KEY))
      .alsoAccept(sseKms(keyIn(stack, SECOND_KEY)), sseS3())
      .underPrefix('vault/', dsseKms(keyIn(stack, OTHER_KEY)))
      .exempt({ prefix: 'in/', principalArns: [WRITER], until: '2027-03-31', reason: 'Vendor X migrates.' });
    return { stack, encryption, bucket: new EncryptedBucket(stack, 'Records', { encryption }).bucket };
  };

  test('makes its first encryption the default of the bucket', () => {
    const { stack, bucket } = make();
    expect(defaultOf(stack, bucket)).toEqual({
      ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: RIGHT_KEY },
      BucketKeyEnabled: true,
      BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
    });
  });

  test('is what the policy denies, part by part', () => {
    const { stack, bucket } = make();
    const [elsewhere, ...others] = statementsOf(stack, bucket).filter(({ Sid }) => Sid?.startsWith('DenyWrongKey'));
    expect(elsewhere?.Condition?.['StringNotEquals']?.[KEY_HEADER]).toEqual([RIGHT_KEY, SECOND_KEY]);
    expect(placesOf(stack, bucket, /^DenyWrongKey$/)).toEqual([['!/in/*', '!/vault/*']]);
    expect(others.map(({ Sid }) => Sid?.replace(/On[A-Z].*/, ''))).toEqual(['DenyWrongKeyOnceExemptionEnds', 'DenyWrongKeyUnlessExempt']);
    const [vault] = statementsOf(stack, bucket).filter(({ Sid }) => Sid?.startsWith('RequireAcceptedKey'));
    expect(vault?.Condition).toEqual({ StringNotEquals: { [KEY_HEADER]: [OTHER_KEY] } });
    expect(placesOf(stack, bucket, /^RequireAcceptedKey/)).toEqual([['/vault/*']]);
  });

  test('lets the exemption end by itself, and binds everybody but the exempt meanwhile', () => {
    const { stack, bucket } = make();
    const exempting = statementsOf(stack, bucket).filter(({ Sid }) => /OnceExemptionEnds|UnlessExempt/.test(Sid ?? ''));
    expect(exempting.length).toBeGreaterThanOrEqual(4);
    for (const { Sid, Condition } of exempting) {
      const bound = Sid?.includes('OnceExemptionEnds')
        ? { DateGreaterThanEquals: { 'aws:CurrentTime': '2027-03-31T00:00:00Z' } }
        : { ArnNotEquals: { 'aws:PrincipalArn': [WRITER] } };
      expect(Condition).toMatchObject(bound);
    }
    expect(placesOf(stack, bucket, /OnceExemptionEnds|UnlessExempt/).flat()).toEqual(exempting.map(() => '/in/*'));
  });

  test('is what the verifier is told, but for who is exempt', () => {
    const { stack } = make();
    expect(decodeRule(textOf(onlyResourceOf(stack, 'AWS::SSM::Parameter').Properties.Value))).toEqual({
      action: 'quarantine',
      declaration: {
        accepted: [{ scheme: 'SSE-KMS', keyArns: [RIGHT_KEY] }, { scheme: 'SSE-KMS', keyArns: [SECOND_KEY] }, { scheme: 'SSE-S3' }],
        headersRequired: false,
        prefixRules: [{ prefix: 'vault/', accepted: [{ scheme: 'DSSE-KMS', keyArns: [OTHER_KEY] }] }],
        exemptions: [{ prefix: 'in/', principalArns: [], until: '2027-03-31T00:00:00Z', reason: 'Vendor X migrates.' }],
      },
    });
  });

  test('synthesises without a complaint', () => {
    jest.useFakeTimers({ now: Date.parse('2026-06-01'), doNotFake: ['nextTick', 'setImmediate'] });
    try {
      expect(complaintsOf(make().stack)).toEqual([]);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('SSE-C', () => {
  test.each<[string, string, (key: kms.IKey) => ObjectEncryption]>([
    ['NONE', 'is required', () => sseC()],
    ['NONE', 'is accepted as well', () => sseS3().alsoAccept(sseC())],
    ['NONE', 'is required under a prefix', (key) => sseKms(key).underPrefix('raw/', sseC())],
    ['NONE', 'is accepted as well under a prefix', (key) => sseKms(key).underPrefix('raw/', sseS3().alsoAccept(sseC()))],
    ['SSE-C', 'is accepted nowhere', (key) => sseKms(key).alsoAccept(sseS3()).underPrefix('raw/', clientSide())],
    ['SSE-C', 'is exempt nowhere', () => sseS3().exempt({ until: '2999-01-01', reason: 'Vendor X migrates.' })],
  ])("the bucket's own setting blocks %s where it %s", (blocked, _, encryption) => {
    const stack = newStack();
    const bucket = requireOf(stack, encryption(keyIn(stack, RIGHT_KEY)));
    expect(defaultOf(stack, bucket).BlockedEncryptionTypes).toEqual({ EncryptionType: [blocked] });
  });

  test('is denied by the policy where it is accepted under a prefix only', () => {
    const stack = newStack();
    const bucket = requireOf(stack, sseS3().underPrefix('raw/', sseC()));
    expect(placesOf(stack, bucket, /^DenyCustomerProvidedKeys/)).toEqual([['!/raw/*']]);
    expect(placesOf(stack, bucket, /^RequireCustomerProvidedKeys/)).toEqual([['/raw/*']]);
  });
});

describe('a prefix that the default encryption of the bucket does not fit', () => {
  const declare = (stack: Stack) => sseS3().underPrefix('vault/', sseKms(keyIn(stack, RIGHT_KEY)));
  const { QUARANTINE, REPORT, TAG } = EnforcementAction;

  test('is closed to uploads without headers', () => {
    const stack = newStack();
    const bucket = requireOf(stack, declare(stack));
    // A negated condition without `Null` denies what names no key at all.
    const [statement] = statementsOf(stack, bucket).filter(({ Sid }) => Sid?.startsWith('RequireAcceptedKey'));
    expect(statement?.Condition).toEqual({ StringNotEquals: { [KEY_HEADER]: [RIGHT_KEY] } });
    expect(placesOf(stack, bucket, /^RequireAcceptedKey/)).toEqual([['/vault/*']]);
  });

  test('is closed to them also where no key could be named', () => {
    const stack = newStack();
    const bucket = requireOf(stack, sseKms(keyIn(stack, RIGHT_KEY)).underPrefix('logs/', sseS3()));
    const [statement] = statementsOf(stack, bucket).filter(({ Sid }) => Sid?.startsWith('DenyMissingEncryption'));
    expect(statement?.Condition).toEqual({ Null: { 's3:x-amz-server-side-encryption': 'true' } });
    expect(placesOf(stack, bucket, /^DenyMissingEncryption/)).toEqual([['/logs/*']]);
  });

  test.each([TAG, QUARANTINE])('fails the synthesis where nothing denies them and all would be acted on: %s', (action) => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Records', { encryption: s3.BucketEncryption.S3_MANAGED });
    new EncryptionEnforcer(stack, 'Enforcer').enforce(bucket, { encryption: declare(stack), action });
    expect(() => complaintsOf(stack)).toThrow(
      /Data\/Records\/Resource: uploads without encryption headers under vault\/ get the default encryption of the bucket, which is not the required SSE-KMS.* \(got \{"algorithm":"AES256"\}\)\. Apply RequireEncryption/,
    );
  });

  test('is fine with the mixin, and where violations are only reported', () => {
    const [guarded, reported] = [newStack(), newStack()];
    new EncryptedBucket(guarded, 'Records', { encryption: declare(guarded) });
    new EncryptionEnforcer(reported, 'Enforcer').enforce(new s3.Bucket(reported, 'Records'), {
      encryption: declare(reported),
      action: REPORT,
    });
    expect([...complaintsOf(guarded), ...complaintsOf(reported)]).toEqual([]);
  });
});

describe('strict()', () => {
  test('denies uploads without headers, except by AWS services, and tells the verifier nothing else', () => {
    const stack = newStack();
    const { bucket } = new EncryptedBucket(stack, 'Records', { encryption: sseS3().strict() });
    const [statement] = statementsOf(stack, bucket).filter(({ Sid }) => Sid === 'RequireEncryptionHeaders');
    expect(statement?.Condition).toEqual({
      Null: { 's3:x-amz-server-side-encryption': 'true' },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    });
    const { declaration } = decodeRule(textOf(onlyResourceOf(stack, 'AWS::SSM::Parameter').Properties.Value));
    expect(declaration).toEqual({ accepted: [{ scheme: 'SSE-S3' }], headersRequired: true, prefixRules: [], exemptions: [] });
  });
});

describe('a value', () => {
  test('never changes: each method returns another', () => {
    const stack = newStack();
    const plain = sseS3();
    plain.strict().alsoAccept(sseC()).underPrefix('raw/', sseC()).exempt({ until: 'soon', reason: '' });
    const bucket = requireOf(stack, plain);
    expect(statementsOf(stack, bucket)).toHaveLength(5);
    expect(resourceOf(stack, bucket.node.defaultChild as s3.CfnBucket).Properties.BucketEncryption).toBeDefined();
  });
});
