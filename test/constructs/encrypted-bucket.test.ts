import { Template } from 'aws-cdk-lib/assertions';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { EncryptedBucket } from '../../lib';
import { bucketResource, complaintsOf, FLAG_SETS, newStack, policiesOf, resourceOf, resourcesOf, statementsOf } from '../support/stacks';

describe('an EncryptedBucket without props', () => {
  test('encrypts under a new customer managed key with rotation, and asks KMS once for many objects', () => {
    const stack = newStack();
    const { bucket, encryptionKey } = new EncryptedBucket(stack, 'Records');
    const key = encryptionKey?.node.defaultChild as kms.CfnKey;
    expect(resourceOf(stack, key).Properties).toMatchObject({ EnableKeyRotation: true });
    expect(bucketResource(stack, bucket).Properties.BucketEncryption.ServerSideEncryptionConfiguration).toEqual([
      {
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: stack.resolve(key.attrArn) },
        BucketKeyEnabled: true,
        BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
      },
    ]);
  });

  test('is versioned, closed to the public in all four ways, and knows no ACLs', () => {
    const stack = newStack();
    const { bucket } = new EncryptedBucket(stack, 'Records');
    expect(bucketResource(stack, bucket).Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });

  test('denies HTTP and TLS before 1.2, to everyone, for the bucket and its objects', () => {
    const stack = newStack();
    const { bucket } = new EncryptedBucket(stack, 'Records');
    const transport = statementsOf(stack, bucket).filter(({ Action }) => Action === 's3:*');
    expect(transport.map(({ Condition }) => Condition)).toEqual([
      { Bool: { 'aws:SecureTransport': 'false' } },
      { NumericLessThan: { 's3:TlsVersion': 1.2 } },
    ]);
    for (const statement of transport) {
      expect(statement).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' } });
      expect(statement.Resource).toEqual(stack.resolve([bucket.bucketArn, bucket.arnForObjects('*')]));
    }
  });

  test('outlives its stack, with its key and with the policy that protects it', () => {
    const stack = newStack();
    const { bucket, encryptionKey } = new EncryptedBucket(stack, 'Records');
    const retained = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
    expect(bucketResource(stack, bucket)).toMatchObject(retained);
    expect(resourceOf(stack, encryptionKey?.node.defaultChild as kms.CfnKey)).toMatchObject(retained);
    expect(policiesOf(stack, bucket)).toMatchObject([retained]);
  });

  test.each(FLAG_SETS)('sends its events to EventBridge natively, without a custom resource, under %s', (_, flags) => {
    const stack = newStack({ flags });
    const { bucket } = new EncryptedBucket(stack, 'Records');
    expect(bucketResource(stack, bucket).Properties.NotificationConfiguration).toEqual({
      EventBridgeConfiguration: { EventBridgeEnabled: true },
    });
    const types = Object.values(Template.fromStack(stack).toJSON()['Resources']).map((resource) => (resource as { Type: string }).Type);
    expect(types.filter((type) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource')).toEqual([]);
    expect(types.filter((type) => type === 'AWS::Lambda::Function')).toHaveLength(1);
  });

  test.each(FLAG_SETS)('has exactly one policy, and so has the quarantine bucket, under %s', (_, flags) => {
    const stack = newStack({ flags });
    const { bucket, enforcer } = new EncryptedBucket(stack, 'Records');
    expect(policiesOf(stack, bucket)).toHaveLength(1);
    expect(policiesOf(stack, enforcer.quarantineBucket)).toHaveLength(1);
    expect(resourcesOf(stack, 'AWS::S3::BucketPolicy')).toHaveLength(2);
  });

  test.each(FLAG_SETS)('synthesises without a complaint under %s', (_, flags) => {
    const stack = newStack({ flags });
    new EncryptedBucket(stack, 'Records');
    expect(complaintsOf(stack)).toEqual([]);
  });
});
