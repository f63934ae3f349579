import type { App, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { EncryptionEnforcer, EnforcementAction, ObjectEncryption } from '../../lib';
import { FOREIGN_ACCOUNT_KEY } from '../domain/sample-keys';
import {
  actionsOf,
  ENV,
  FLAG_SETS,
  importedBucket,
  newStack,
  onlyResourceOf,
  resourcesOf,
  type Statement,
  textOf,
} from '../support/stacks';

const READ = ['s3:GetObject', 's3:GetObjectVersion'];
const TAG = ['s3:GetObjectTagging', 's3:GetObjectVersionTagging', 's3:PutObjectTagging', 's3:PutObjectVersionTagging'];
const MOVE = [
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:GetObjectAnnotation',
  's3:GetObjectVersionAnnotation',
  's3:ListObjectAnnotations',
  's3:ListObjectVersionAnnotations',
];

const OWN_KEYS = 'arn:aws:kms:eu-west-1:111122223333:key/*';
const THROUGH_S3_ONLY = { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } };

/** An enforcer with a bucket, `<action>-111122223333`, for each action. */
function enforcerOf(stack: Stack, actions: readonly EnforcementAction[], crossAccountKeys?: kms.IKey[]): EncryptionEnforcer {
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer', { crossAccountKeys });
  for (const action of actions) {
    const bucket = importedBucket(stack, action, `${action}-111122223333`);
    enforcer.enforce(bucket, { encryption: ObjectEncryption.sseS3(), action });
  }
  return enforcer;
}

/** Every statement of the function's role, wherever it is attached. */
function statementsOfRole(stack: Stack): Statement[] {
  const { Role } = onlyResourceOf(stack, 'AWS::Lambda::Function').Properties;
  const policies = resourcesOf(stack, 'AWS::IAM::Policy').filter(({ Properties }) =>
    Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === Role['Fn::GetAtt'][0]),
  );
  return policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

const resourcesIn = ({ Resource }: Statement): string[] => [Resource].flat().map((resource) => textOf(resource));

function actionsOn(stack: Stack, resource: string): string[] {
  return statementsOfRole(stack)
    .filter((statement) => resourcesIn(statement).includes(resource))
    .flatMap(actionsOf)
    .sort();
}

describe('the role of an enforcer', () => {
  test('is allowed an action before the function is told to take it, also where its policies are many', () => {
    const stack = newStack();
    const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
    for (let number = 0; number < 40; number += 1) {
      const bucket = importedBucket(stack, `Bucket${number}`, `data-${number}-111122223333`);
      enforcer.enforce(bucket, { encryption: ObjectEncryption.sseS3(), action: EnforcementAction.QUARANTINE });
    }
    const { Resources } = (stack.node.root as App).synth().getStackByName(stack.stackName).template;
    const ofType = (type: RegExp) => Object.keys(Resources).filter((name) => type.test(Resources[name].Type));
    const policies = ofType(/^AWS::IAM::(Managed)?Policy$/);
    expect(policies.length).toBeGreaterThan(2);
    const rules = ofType(/^AWS::SSM::Parameter$/);
    expect(rules).toHaveLength(40);
    for (const rule of rules) expect(Resources[rule].DependsOn).toEqual(expect.arrayContaining(policies));
  });

  test('is assumed by Lambda only, and has no policies but its own', () => {
    const stack = newStack();
    enforcerOf(stack, [EnforcementAction.QUARANTINE]);
    const { AssumeRolePolicyDocument, ManagedPolicyArns, Policies } = onlyResourceOf(stack, 'AWS::IAM::Role').Properties;
    expect(AssumeRolePolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
    ]);
    expect([ManagedPolicyArns, Policies]).toEqual([undefined, undefined]);
  });

  test.each(FLAG_SETS)('names every action in full, under %s', (_, flags) => {
    const stack = newStack({ flags });
    enforcerOf(stack, Object.values(EnforcementAction));
    const actions = statementsOfRole(stack).flatMap(actionsOf);
    expect(actions.length).toBeGreaterThan(20);
    for (const action of actions) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
  });

  test.each(FLAG_SETS)('has wildcards only for objects, its own rules, and keys through S3, under %s', (_, flags) => {
    const stack = newStack({ flags });
    const { quarantineBucket } = enforcerOf(stack, Object.values(EnforcementAction));
    const { RULE_PARAMETER_PREFIX } = onlyResourceOf(stack, 'AWS::Lambda::Function').Properties.Environment.Variables;
    const open = statementsOfRole(stack).flatMap((statement) =>
      resourcesIn(statement)
        .filter((resource) => resource.includes('*'))
        .map((resource) => ({ resource, condition: statement.Condition })),
    );
    const objects = Object.values(EnforcementAction).map((action) => `arn:aws:s3:::${action}-111122223333/*`);
    const quarantined = textOf(stack.resolve(quarantineBucket.arnForObjects('*')));
    const allowed = [
      ...objects.map((resource) => ({ resource, condition: undefined })),
      // A quarantine whose name an outsider took is not sent any objects.
      { resource: quarantined, condition: { StringEquals: { 'aws:ResourceAccount': ENV.account } } },
      { resource: `arn:aws:ssm:eu-west-1:111122223333:parameter${RULE_PARAMETER_PREFIX}/*`, condition: undefined },
      { resource: OWN_KEYS, condition: THROUGH_S3_ONLY },
    ];
    const inOrder = (list: typeof allowed) => [...list].sort((a, b) => a.resource.localeCompare(b.resource));
    expect(inOrder(open as typeof allowed)).toEqual(inOrder(allowed));
  });

  test('operates on its own two queues, log group, rules and events, and nothing wider', () => {
    const stack = newStack();
    const { queue, deadLetterQueue, logGroup } = enforcerOf(stack, []);
    const { LARGE_OBJECT_QUEUE_ARN } = onlyResourceOf(stack, 'AWS::Lambda::Function').Properties.Environment.Variables;
    for (const queueArn of [stack.resolve(queue.queueArn), LARGE_OBJECT_QUEUE_ARN]) {
      expect(actionsOn(stack, textOf(queueArn))).toEqual([
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ]);
    }
    expect(actionsOn(stack, textOf(stack.resolve(deadLetterQueue.queueArn)))).toEqual([]);
    expect(actionsOn(stack, textOf(stack.resolve(logGroup.logGroupArn)))).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
    const events = statementsOfRole(stack).filter((statement) => actionsOf(statement).includes('events:PutEvents'));
    const ownSource = { 'ForAllValues:StringEquals': { 'events:source': 'cdk-s3-encryption-guard' }, Null: { 'events:source': 'false' } };
    expect(events).toEqual([expect.objectContaining({ Condition: ownSource })]);
    expect(events.flatMap(resourcesIn)).toEqual(['arn:aws:events:eu-west-1:111122223333:event-bus/default']);
  });

  test('fills its quarantine, and cannot empty it', () => {
    const stack = newStack();
    const { quarantineBucket } = enforcerOf(stack, [EnforcementAction.QUARANTINE]);
    expect(actionsOn(stack, textOf(stack.resolve(quarantineBucket.arnForObjects('*'))))).toEqual([
      's3:AbortMultipartUpload',
      's3:GetObject',
      's3:GetObjectVersion',
      's3:GetObjectVersionTagging',
      's3:ListMultipartUploadParts',
      's3:PutObject',
      's3:PutObjectAnnotation',
      's3:PutObjectTagging',
      's3:PutObjectVersionTagging',
    ]);
    const onBucket = ['s3:ListBucket', 's3:ListBucketMultipartUploads'];
    expect(actionsOn(stack, textOf(stack.resolve(quarantineBucket.bucketArn)))).toEqual(onBucket);
    expect(actionsOn(stack, textOf(stack.resolve(quarantineBucket.encryptionKey?.keyArn)))).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  });
});

describe('what the role may do to a guarded bucket', () => {
  test.each([
    [EnforcementAction.REPORT, READ],
    [EnforcementAction.TAG, [...READ, ...TAG]],
    [EnforcementAction.QUARANTINE, [...READ, ...TAG, ...MOVE]],
    [EnforcementAction.REENCRYPT, [...READ, ...TAG, ...MOVE, 's3:PutObject', 's3:PutObjectAnnotation']],
  ])('is what %s needs, whatever the other buckets need', (action, expected) => {
    const stack = newStack();
    enforcerOf(stack, Object.values(EnforcementAction));
    expect(actionsOn(stack, `arn:aws:s3:::${action}-111122223333/*`)).toEqual([...expected].sort());
    expect(actionsOn(stack, `arn:aws:s3:::${action}-111122223333`)).toEqual(['s3:ListBucket', 's3:ListBucketVersions']);
  });

  test.each(FLAG_SETS)('does not grow by what the flags merge: a bucket to report on cannot be changed, under %s', (_, flags) => {
    const stack = newStack({ flags });
    enforcerOf(stack, Object.values(EnforcementAction));
    const changes = actionsOn(stack, 'arn:aws:s3:::report-111122223333/*').filter((action) => !READ.includes(action));
    expect(changes).toEqual([]);
  });
});

describe('the keys that the role may decrypt with', () => {
  const decryptStatements = (stack: Stack) => statementsOfRole(stack).filter((statement) => actionsOf(statement).includes('kms:Decrypt'));

  test.each([[EnforcementAction.REPORT], [EnforcementAction.TAG]])('are the quarantine key alone where nothing is moved: %s', (action) => {
    const stack = newStack();
    const foreign = kms.Key.fromKeyArn(stack, 'Foreign', FOREIGN_ACCOUNT_KEY);
    const { quarantineBucket } = enforcerOf(stack, [action], [foreign]);
    expect(decryptStatements(stack).flatMap(({ Resource }) => Resource)).toEqual([stack.resolve(quarantineBucket.encryptionKey?.keyArn)]);
  });

  test('are those of its own account, through S3 only, where objects are moved', () => {
    const stack = newStack();
    enforcerOf(stack, [EnforcementAction.QUARANTINE]);
    const moving = decryptStatements(stack).slice(1);
    expect(moving).toEqual([expect.objectContaining({ Action: 'kms:Decrypt', Condition: THROUGH_S3_ONLY })]);
    expect(moving.flatMap(resourcesIn)).toEqual([OWN_KEYS]);
  });

  test('are of other accounts only by name, and through S3 only', () => {
    const stack = newStack();
    enforcerOf(stack, [EnforcementAction.QUARANTINE], [kms.Key.fromKeyArn(stack, 'Foreign', FOREIGN_ACCOUNT_KEY)]);
    const moving = decryptStatements(stack).slice(1);
    expect(moving.map(({ Condition }) => Condition)).toEqual([THROUGH_S3_ONLY, THROUGH_S3_ONLY]);
    expect(moving.flatMap(resourcesIn)).toEqual([OWN_KEYS, FOREIGN_ACCOUNT_KEY]);
  });
});
