import type { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { EncryptedBucket, EncryptionEnforcer, EnforcementAction, ObjectEncryption } from '../../lib';
import { FOREIGN_ACCOUNT_KEY, OTHER_KEY, RIGHT_KEY, SECOND_KEY } from '../domain/sample-keys';
import { actionsOf, importedBucket, newStack, resourcesOf, type Statement, textOf } from '../support/stacks';

/** What REENCRYPT adds to the role of the enforcer, by the keys that are required. */
const IN_PLACE = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];
const BY_COPY = ['kms:Decrypt', 'kms:GenerateDataKey'];
const OBJECTS = 'arn:aws:s3:::records-111122223333/*';

function statementsOf(encryptionIn: (stack: Stack) => ObjectEncryption, action = EnforcementAction.REENCRYPT): Statement[] {
  const stack = newStack();
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
  enforcer.enforce(importedBucket(stack, 'Records', 'records-111122223333'), { encryption: encryptionIn(stack), action });
  return resourcesOf(stack, 'AWS::IAM::Policy').flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

const keyIn = (stack: Stack, arn: string) => kms.Key.fromKeyArn(stack, arn.slice(-4) + arn.slice(20, 40), arn);

const resourcesIn = ({ Resource }: Statement) => [Resource].flat().map((each) => textOf(each));

/** Actions that are allowed on this very resource, by its name. */
const actionsOn = (statements: readonly Statement[], resource: string) =>
  [...new Set(statements.filter((each) => resourcesIn(each).includes(resource)).flatMap(actionsOf))].sort();

const rekeys = (statements: readonly Statement[]) => statements.some((each) => actionsOf(each).includes('s3:UpdateObjectEncryption'));

test('the first key that is required may be used for both ways, through S3 and for this bucket; others not', () => {
  const statements = statementsOf((stack) =>
    ObjectEncryption.sseKms(keyIn(stack, RIGHT_KEY), keyIn(stack, SECOND_KEY)).alsoAccept(ObjectEncryption.sseKms(keyIn(stack, OTHER_KEY))),
  );
  expect(actionsOn(statements, RIGHT_KEY)).toEqual(IN_PLACE);
  expect([...actionsOn(statements, SECOND_KEY), ...actionsOn(statements, OTHER_KEY)]).toEqual([]);
  expect(statements.filter((each) => resourcesIn(each).includes(RIGHT_KEY)).map(({ Condition }) => Condition)).toEqual([
    {
      StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
      StringLike: { 'kms:EncryptionContext:aws:s3:arn': ['arn:aws:s3:::records-111122223333', OBJECTS] },
    },
  ]);
  expect(actionsOn(statements, OBJECTS)).toEqual(expect.arrayContaining(['s3:PutObject', 's3:UpdateObjectEncryption']));
});

test('the old key may only be left, and only through S3', () => {
  const leaving = statementsOf((stack) => ObjectEncryption.sseKms(keyIn(stack, RIGHT_KEY))).filter(
    (each) => actionsOf(each).includes('kms:ReEncryptFrom') && !resourcesIn(each).includes(RIGHT_KEY),
  );
  const Condition = { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } };
  expect(leaving).toEqual([expect.objectContaining({ Action: 'kms:ReEncryptFrom', Condition })]);
  expect(leaving.flatMap(resourcesIn)).toEqual(['arn:aws:kms:eu-west-1:111122223333:key/*']);
});

test('under a key of another account objects are copied, never changed in place', () => {
  const statements = statementsOf((stack) => ObjectEncryption.sseKms(keyIn(stack, FOREIGN_ACCOUNT_KEY)));
  expect(actionsOn(statements, FOREIGN_ACCOUNT_KEY)).toEqual(BY_COPY);
  expect(rekeys(statements)).toBe(false);
});

test('so are objects for DSSE-KMS', () => {
  const statements = statementsOf((stack) => ObjectEncryption.dsseKms(keyIn(stack, RIGHT_KEY)));
  expect(actionsOn(statements, RIGHT_KEY)).toEqual(BY_COPY);
  expect(rekeys(statements)).toBe(false);
});

test('the key of a prefix may be used, too', () => {
  const statements = statementsOf((stack) =>
    ObjectEncryption.sseS3().underPrefix('pay/', ObjectEncryption.sseKms(keyIn(stack, RIGHT_KEY))),
  );
  expect(actionsOn(statements, RIGHT_KEY)).toEqual(IN_PLACE);
});

test.each<[string, string[], (stack: Stack) => ObjectEncryption]>([
  ['SSE-S3', [], () => ObjectEncryption.sseS3()],
  ['SSE-C', [], () => ObjectEncryption.sseC()],
])('where %s is required, nothing may be encrypted under any key', (_, actions, encryption) => {
  const statements = statementsOf(encryption);
  expect(actionsOn(statements, RIGHT_KEY)).toEqual(actions);
  expect(rekeys(statements)).toBe(false);
});

test('the key beneath client-side encryption may be used, and that of the first server-side encryption after it; none after that', () => {
  const statements = statementsOf((stack) =>
    ObjectEncryption.clientSide({ serverSide: ObjectEncryption.sseKms(keyIn(stack, RIGHT_KEY)) }).alsoAccept(
      ObjectEncryption.dsseKms(keyIn(stack, SECOND_KEY)),
      ObjectEncryption.sseKms(keyIn(stack, OTHER_KEY)),
    ),
  );
  expect(actionsOn(statements, RIGHT_KEY)).toEqual(IN_PLACE);
  expect(actionsOn(statements, SECOND_KEY)).toEqual(BY_COPY);
  expect(actionsOn(statements, OTHER_KEY)).toEqual([]);
});

test('what is accepted besides SSE-C is what an object can be given', () => {
  const statements = statementsOf((stack) => ObjectEncryption.sseC().alsoAccept(ObjectEncryption.sseKms(keyIn(stack, RIGHT_KEY))));
  expect(actionsOn(statements, RIGHT_KEY)).toEqual(IN_PLACE);
});

describe('where S3 can make no object compliant, synthesis warns that the action is never taken:', () => {
  const SSE_C = ObjectEncryption.sseC();
  const S3 = ObjectEncryption.sseS3();

  function warnings(encryption: ObjectEncryption, action: EnforcementAction): string[] {
    const stack = newStack();
    new EncryptionEnforcer(stack, 'Enforcer').enforce(importedBucket(stack, 'Records', 'records-111122223333'), { encryption, action });
    const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('S3 cannot encrypt any object'));
    return found.map(({ entry }) => String(entry.data));
  }

  test.each<[string, ObjectEncryption, EnforcementAction, number]>([
    ['SSE-C', SSE_C, EnforcementAction.REENCRYPT, 1],
    ['SSE-C under a prefix', S3.underPrefix('vault/', SSE_C), EnforcementAction.REENCRYPT, 1],
    ['SSE-C, with another action', SSE_C, EnforcementAction.QUARANTINE, 0],
    ['SSE-C or SSE-S3', SSE_C.alsoAccept(S3), EnforcementAction.REENCRYPT, 0],
    ['client-side encryption, beneath which S3 may be wrong', ObjectEncryption.clientSide(), EnforcementAction.REENCRYPT, 0],
  ])('%s', (_, encryption, action, count) => {
    const found = warnings(encryption, action);
    expect(found).toHaveLength(count);
    for (const each of found) expect(each).toMatch(/Records.*SSE-C.*alsoAccept\(\)/s);
  });
});

test.each(Object.values(EnforcementAction).filter((action) => action !== EnforcementAction.REENCRYPT))(
  'with the action %s it may neither write to the bucket nor use its key',
  (action) => {
    const statements = statementsOf((stack) => ObjectEncryption.sseKms(keyIn(stack, RIGHT_KEY)), action);
    expect(actionsOn(statements, RIGHT_KEY)).toEqual([]);
    expect(
      actionsOn(statements, OBJECTS).filter((each) => /^s3:(PutObject|PutObjectAnnotation|UpdateObjectEncryption)$/.test(each)),
    ).toEqual([]);
  },
);

test('the key that an EncryptedBucket makes for itself may be used, too', () => {
  const stack = newStack();
  const { encryptionKey } = new EncryptedBucket(stack, 'Records', { action: EnforcementAction.REENCRYPT });
  const statements = resourcesOf(stack, 'AWS::IAM::Policy').flatMap(({ Properties }) => Properties.PolicyDocument.Statement) as Statement[];
  expect(actionsOn(statements, textOf(stack.resolve(encryptionKey?.keyArn)))).toEqual(expect.arrayContaining(IN_PLACE));
});
