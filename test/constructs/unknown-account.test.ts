import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { EncryptedBucket, KeyUse, ObjectEncryption, SharedKey } from '../../lib';
import { FOREIGN_ACCOUNT, FOREIGN_ACCOUNT_KEY, OWNER_ACCOUNT, RIGHT_KEY } from '../domain/sample-keys';
import { roleIn } from '../support/key-world';
import { complaintsOf, newApp, newStack } from '../support/stacks';

/** A stack that is deployed to whatever account the credentials are of. */
const anywhere = () => new Stack(newApp(), 'Data');

function granted(stack: Stack, key: kms.IKey, grantee: iam.IGrantable = roleIn(stack, 'Writer')): string[] {
  const bucket = new EncryptedBucket(stack, 'Records', { bucketName: 'records', encryption: ObjectEncryption.sseKms(key) });
  bucket.grantWrite(grantee);
  return complaintsOf(stack).filter((complaint) => complaint.includes('owner of the imported key'));
}

const imported = (stack: Stack, arn = FOREIGN_ACCOUNT_KEY) => kms.Key.fromKeyArn(stack, 'Imported', arn);

/** The statements that the complaint hands over. */
const handedOver = (complaint = '') => JSON.parse(/add to its policy (\[.*\]) \(got/.exec(complaint)?.[1] ?? '[]');

describe('in a stack for any account', () => {
  test('a grant under an imported key says what its owner has to add, if that is somebody else', () => {
    const stack = anywhere();
    const [complaint, ...others] = granted(stack, imported(stack));
    expect(others).toEqual([]);
    expect(complaint).toContain(`if the grantee is not of account ${FOREIGN_ACCOUNT}, the owner of the imported key`);
    const [use, look, ...more] = handedOver(complaint);
    expect(more).toEqual([]);
    expect(look.Action).toEqual(['kms:DescribeKey']);
    expect(use.Condition.StringEquals).toEqual({
      'kms:CallerAccount': ['<account of the grantee>'],
      'kms:ViaService': 's3.eu-west-1.amazonaws.com',
    });
  });

  test('so does a use of a SharedKey', () => {
    const stack = anywhere();
    const { bucket } = new EncryptedBucket(stack, 'Records', { bucketName: 'records', encryption: ObjectEncryption.sseS3() });
    SharedKey.fromKeyArn(stack, 'Shared', FOREIGN_ACCOUNT_KEY).grantUse(roleIn(stack, 'Reader'), KeyUse.READ, bucket);
    expect(complaintsOf(stack)).toEqual([expect.stringContaining(`if the grantee is not of account ${FOREIGN_ACCOUNT}`)]);
  });

  test('a grant under a key that is made there has nothing to say', () => {
    const stack = anywhere();
    expect(granted(stack, new kms.Key(stack, 'Key'))).toEqual([]);
  });

  test('no key is said to suit UpdateObjectEncryption', () => {
    expect(SharedKey.fromKeyArn(anywhere(), 'Shared', FOREIGN_ACCOUNT_KEY).supportsUpdateObjectEncryption).toBe(false);
  });
});

describe('in a stack for one account', () => {
  test('a grant to a role of the account of the imported key has nothing to say', () => {
    const stack = newStack();
    expect(granted(stack, imported(stack, RIGHT_KEY))).toEqual([]);
  });

  test('a grant to another account is asked of the owner of the imported key, whoever that is', () => {
    const stack = newStack();
    const [complaint, ...others] = granted(stack, imported(stack, RIGHT_KEY), new iam.AccountPrincipal(FOREIGN_ACCOUNT));
    expect(others).toEqual([]);
    expect(complaint).toContain(`the owner of the imported key, account ${OWNER_ACCOUNT}, has to add`);
    expect(complaint).not.toMatch(/of another account|if the grantee/);
    expect(handedOver(complaint)[0].Condition.StringEquals['kms:CallerAccount']).toEqual([FOREIGN_ACCOUNT]);
  });
});
