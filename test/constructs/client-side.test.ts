import { CfnParameter } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ClientSideFormat, EncryptedBucket, EncryptionEnforcer, EnforcementAction, ObjectEncryption } from '../../lib';
import { decodeRule } from '../../lib/domain/bucket-rule';
import { FOREIGN_ACCOUNT_KEY, OTHER_KEY, RIGHT_KEY } from '../domain/sample-keys';
import { actionsOf, importedBucket, newStack, onlyResourceOf, resourcesOf, textOf } from '../support/stacks';

const { S3_ENCRYPTION_CLIENT, ENCRYPTION_SDK } = ClientSideFormat;

/** The requirement that the function reads. */
function ruleOf(encryption: ObjectEncryption) {
  const stack = newStack();
  new EncryptedBucket(stack, 'Records', { encryption });
  const { Value } = onlyResourceOf(stack, 'AWS::SSM::Parameter').Properties;
  return decodeRule(textOf(Value)).declaration.accepted;
}

test('what clientSide() requires by itself: either format, with key commitment, under any key, in metadata or in the message', () => {
  expect(ruleOf(ObjectEncryption.clientSide())).toEqual([
    {
      scheme: 'client-side',
      serverSide: { scheme: 'SSE-S3' },
      envelope: { formats: ['Amazon S3 Encryption Client', 'AWS Encryption SDK'], keyCommitment: true, wrappingKeyArns: [] },
    },
  ]);
});

test('every option reaches the function', () => {
  const stack = newStack();
  const wrappingKeys = [kms.Key.fromKeyArn(stack, 'Wrapping', FOREIGN_ACCOUNT_KEY), kms.Key.fromKeyArn(stack, 'Other', OTHER_KEY)];
  const options = { requireKeyCommitment: false, wrappingKeys, instructionFileSuffix: '.i' };
  const [requirement] = ruleOf(ObjectEncryption.clientSide({ format: S3_ENCRYPTION_CLIENT, ...options }));
  expect(requirement).toMatchObject({
    envelope: {
      formats: ['Amazon S3 Encryption Client'],
      keyCommitment: false,
      wrappingKeyArns: [FOREIGN_ACCOUNT_KEY, OTHER_KEY],
      instructionFileSuffix: '.i',
    },
  });
});

test('a wrapping key that is known at deployment only stands in the rule as a reference', () => {
  const stack = newStack();
  const keyArn = new CfnParameter(stack, 'KeyArn').valueAsString;
  const encryption = ObjectEncryption.clientSide({ wrappingKeys: [kms.Key.fromKeyArn(stack, 'Key', keyArn)] });
  new EncryptedBucket(stack, 'Records', { encryption });
  expect(JSON.stringify(onlyResourceOf(stack, 'AWS::SSM::Parameter').Properties.Value)).toContain('{"Ref":"KeyArn"}');
});

describe('the enforcer may decrypt what it has to read of an envelope', () => {
  const over = (stack: ReturnType<typeof newStack>, format?: ClientSideFormat, instructionFileSuffix?: string) => {
    const serverSide = ObjectEncryption.sseKms(kms.Key.fromKeyArn(stack, 'Outer', RIGHT_KEY));
    return ObjectEncryption.clientSide({ serverSide, format, instructionFileSuffix });
  };

  /** Keys by name, with which the role may decrypt; a wildcard and the quarantine's own key aside. */
  function keysIn(encryptionOf: (stack: ReturnType<typeof newStack>) => ObjectEncryption, action = EnforcementAction.REPORT) {
    const stack = newStack();
    const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
    enforcer.enforce(importedBucket(stack, 'Records', 'records-111122223333'), { encryption: encryptionOf(stack), action });
    const statements = resourcesOf(stack, 'AWS::IAM::Policy').flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const decrypting = statements.filter((statement) => actionsOf(statement).includes('kms:Decrypt'));
    const named = decrypting.filter(({ Resource }) => textOf([Resource].flat()[0]) === RIGHT_KEY);
    for (const { Condition } of named) expect(Condition).toEqual({ StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } });
    return named.flatMap(({ Resource }) => [Resource].flat().map((each: unknown) => textOf(each)));
  }

  test('with the very keys beneath it, through S3 only, where messages or instruction files are read', () => {
    expect(keysIn((stack) => over(stack))).toEqual([RIGHT_KEY]);
    expect(keysIn((stack) => over(stack, ENCRYPTION_SDK))).toEqual([RIGHT_KEY]);
    expect(keysIn((stack) => over(stack, S3_ENCRYPTION_CLIENT, '.instruction'))).toEqual([RIGHT_KEY]);
    expect(keysIn((stack) => over(stack), EnforcementAction.QUARANTINE)).toEqual([RIGHT_KEY]);
  });

  test('under a prefix, too', () => {
    expect(keysIn((stack) => ObjectEncryption.sseS3().underPrefix('a/', over(stack)))).toEqual([RIGHT_KEY]);
  });

  test('and with none where metadata tell, where S3 encrypts with keys of its own, or where no client-side encryption is required', () => {
    expect(keysIn((stack) => over(stack, S3_ENCRYPTION_CLIENT))).toEqual([]);
    expect(keysIn(() => ObjectEncryption.clientSide())).toEqual([]);
    expect(keysIn((stack) => ObjectEncryption.sseKms(kms.Key.fromKeyArn(stack, 'Outer', RIGHT_KEY)))).toEqual([]);
  });
});
