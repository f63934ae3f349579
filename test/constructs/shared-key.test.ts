import type { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { KeyUse, SharedKey } from '../../lib';
import { ALIAS_ARN, FOREIGN_ACCOUNT, FOREIGN_ACCOUNT_KEY, OTHER_REGION_KEY, OWNER_ACCOUNT, RIGHT_KEY } from '../domain/sample-keys';
import { roleIn } from '../support/key-world';
import { ownerBeside, sharedIn } from '../support/shared-key';
import { newStack, resourcesOf } from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

const records = (stack: Stack) => s3.Bucket.fromBucketName(stack, 'Records', 'records');
const STATED = { consumer: OWNER_ACCOUNT, buckets: ['arn:aws:s3:::records', 'arn:aws:s3:::records/*'] };

describe('a SharedKey', () => {
  test('hands the owner of the key, in text that can be sent, just what the owner of a CrossAccountKey says', () => {
    const stack = newStack();
    const keys = ownerBeside(stack).node.scope as Stack;
    roleIn(stack, 'Somebody');
    const stated = JSON.parse(SharedKey.fromKeyArn(stack, 'Shared', FOREIGN_ACCOUNT_KEY).ownerPolicyJson(records(stack)));
    const [owner] = resourcesOf(keys, 'AWS::KMS::Key');
    const allowed = owner?.Properties.KeyPolicy.Statement.filter(({ Sid }: { Sid: string }) => Sid.startsWith('Allow'));
    expect(stated).toEqual({ Version: '2012-10-17', Statement: allowed });
    expect(JSON.stringify(stated)).toContain(STATED.consumer);
    expect(stated.Statement[0].Condition.StringLike).toEqual({ 'kms:EncryptionContext:aws:s3:arn': STATED.buckets });
  });

  test('states what a use takes, never on all resources', () => {
    const stack = newStack();
    const [shared, bucket] = [SharedKey.fromKeyArn(stack, 'Shared', FOREIGN_ACCOUNT_KEY), records(stack)];
    for (const use of Object.values(KeyUse)) {
      const [statement] = shared.useStatements(use, bucket);
      expect(statement?.resources).toEqual([FOREIGN_ACCOUNT_KEY]);
    }
  });

  test('knows that UpdateObjectEncryption does not take it, and that it takes a key of the account', () => {
    const stack = newStack();
    expect(SharedKey.fromKeyArn(stack, 'Foreign', FOREIGN_ACCOUNT_KEY).supportsUpdateObjectEncryption).toBe(false);
    expect(SharedKey.fromKeyArn(stack, 'Own', RIGHT_KEY).supportsUpdateObjectEncryption).toBe(true);
  });

  test('one call grants a use for several buckets', () => {
    const stack = newStack();
    const names = ['records', 'letters'];
    const buckets = names.map((name) => s3.Bucket.fromBucketName(stack, name, name));
    sharedIn(stack, { buckets: names }).grantUse(roleIn(stack, 'Role'), KeyUse.REPLICATE_FROM, ...buckets);
    const [policy] = resourcesOf(stack, 'AWS::IAM::Policy');
    const contexts = policy?.Properties.PolicyDocument.Statement.flatMap(
      ({ Condition }: { Condition: Record<string, Record<string, string[]>> }) =>
        Condition['StringLike']?.['kms:EncryptionContext:aws:s3:arn'],
    );
    expect(contexts.sort()).toEqual(names.flatMap((name) => [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`]).sort());
  });
});

describe('importing', () => {
  const refused = (mistake: string, arn: string, rest: Pick<Mistake, 'what' | 'remedy'>, value: unknown = arn): Mistake => ({
    mistake,
    make: (stack) => SharedKey.fromKeyArn(stack, 'Shared', arn),
    path: 'Data/Shared',
    value: JSON.stringify(value),
    ...rest,
  });
  const alias = {
    what: /an alias was given instead of a KMS key/,
    remedy: 'Pass the ARN of the key: arn:<partition>:kms:<Region>:<account>:key/<key id>.',
  };
  const noArn = {
    what: /not a full key ARN/,
    remedy: 'Import it with kms.Key.fromKeyArn() and arn:<partition>:kms:<Region>:<account>:key/<key id>.',
  };
  test.each(
    [
      refused('an alias', ALIAS_ARN, alias),
      refused('the name of an alias', 'alias/data', alias),
      refused('a key id', 'mrk-1234abcd12ab34cd56ef1234567890ab', noArn),
      refused('something else', 'arn:aws:s3:::records', noArn),
      refused(
        'a key of another Region',
        OTHER_REGION_KEY,
        { what: /another Region/, remedy: "Use a key, or the replica of a multi-Region key, in the bucket's Region." },
        'us-east-1',
      ),
      refused('a key of another partition', RIGHT_KEY.replace('arn:aws:', 'arn:aws-cn:'), {
        what: /another partition/,
        remedy: 'Write its ARN as arn:aws:kms:…',
      }),
      refused('nothing', undefined as never, {
        what: /not a full key ARN/,
        remedy: 'Pass arn:<partition>:kms:<Region>:<account>:key/<key id>.',
      }),
    ].map((mistake) => [mistake.mistake, mistake] as const),
  )('refuses %s', (_, mistake) => expectRefusal(mistake));

  test.each<[string, Mistake['make'], string, RegExp, string, string]>([
    [
      'a use without buckets',
      (stack) => SharedKey.fromKeyArn(stack, 'Shared', FOREIGN_ACCOUNT_KEY).useStatements(KeyUse.READ),
      'Data/Shared',
      /bound to the buckets/,
      '[]',
      'Pass the buckets.',
    ],
    [
      'UpdateObjectEncryption with a key of another account',
      (stack) =>
        SharedKey.fromKeyArn(stack, 'Shared', FOREIGN_ACCOUNT_KEY).grantUse(
          roleIn(stack, 'Role'),
          KeyUse.UPDATE_OBJECT_ENCRYPTION,
          records(stack),
        ),
      'Data/Records',
      /UpdateObjectEncryption takes keys of the bucket's own account only/,
      `"${FOREIGN_ACCOUNT}"`,
      'Copy the objects onto themselves instead, which takes KeyUse.READ and KeyUse.WRITE.',
    ],
  ])('refuses %s', (mistake, make, path, what, value, remedy) => expectRefusal({ mistake, make, path, what, value, remedy }));
});
