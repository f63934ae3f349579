import { NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { EncryptionEnforcer, EnforcementAction, ObjectEncryption } from '../../lib';
import {
  ENV,
  FLAG_SETS,
  newApp,
  newStack,
  onlyResourceOf,
  type Resource,
  resourceOf,
  resourcesOf,
  type Statement,
  textOf,
} from '../support/stacks';

const QUARANTINE_SSE_S3 = { encryption: ObjectEncryption.sseS3(), action: EnforcementAction.QUARANTINE };

const resourceBehind = (stack: Stack, queue: sqs.IQueue): Resource => resourceOf(stack, queue.node.defaultChild as sqs.CfnQueue);

const queuePolicy = (stack: Stack, queueArn: unknown): Statement[] =>
  resourcesOf(stack, 'AWS::SQS::QueuePolicy')
    .filter(
      ({ Properties }) =>
        JSON.stringify(Properties.Queues) === JSON.stringify([{ Ref: (queueArn as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0] }]),
    )
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);

/** The queues that EventBridge sends to: of events, and of events that could not be delivered. */
function receivingQueues(stack: Stack): unknown[] {
  const [{ Arn, DeadLetterConfig }] = resourcesOf(stack, 'AWS::Events::Rule')[0]?.Properties.Targets ?? [];
  return [Arn, DeadLetterConfig.Arn];
}

const allowsOf = (stack: Stack, queueArn: unknown) => queuePolicy(stack, queueArn).filter(({ Effect }) => Effect === 'Allow');

/** The source ARNs that may send, as a pattern; `*` matches any text, as ArnLike has it. */
function senderPattern(stack: Stack, queueArn: unknown): RegExp {
  const [statement] = allowsOf(stack, queueArn);
  const pattern = textOf(statement?.Condition?.['ArnLike']?.['aws:SourceArn']);
  return new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
}

const ruleArn = ({ Properties }: Resource) => `arn:aws:events:${ENV.region}:${ENV.account}:rule/${Properties.Name}`;

const ruleArns = (stack: Stack) => resourcesOf(stack, 'AWS::Events::Rule').map(ruleArn);

function enforcerIn(stack: Stack, id: string, buckets = 1): EncryptionEnforcer {
  const enforcer = new EncryptionEnforcer(stack, id);
  for (let i = 0; i < buckets; i++) enforcer.enforce(new s3.Bucket(stack, `RecordsOf${id}${i}`), QUARANTINE_SSE_S3);
  return enforcer;
}

interface Senders {
  /** ARNs of the rules of one enforcer. */
  readonly rules: readonly string[];
  /** The rules that may send to its queue. */
  readonly pattern: RegExp;
}

function sendersTo(stack: Stack, { queue }: EncryptionEnforcer): Senders {
  const queueArn = stack.resolve(queue.queueArn);
  const own = resourcesOf(stack, 'AWS::Events::Rule').filter(
    ({ Properties }) => JSON.stringify(Properties.Targets[0].Arn) === JSON.stringify(queueArn),
  );
  return { rules: own.map(ruleArn), pattern: senderPattern(stack, queueArn) };
}

function enforcersOfOneStack(one: string, two: string): [Senders, Senders] {
  const stack = newStack();
  const enforcers = [enforcerIn(stack, one), enforcerIn(stack, two)] as const;
  return [sendersTo(stack, enforcers[0]), sendersTo(stack, enforcers[1])];
}

function enforcersOfNestedStacks(one: string, two: string): [Senders, Senders] {
  const stack = newStack();
  const stacks = [new NestedStack(stack, one), new NestedStack(stack, two)] as const;
  const enforcers = [enforcerIn(stacks[0], 'Enforcer'), enforcerIn(stacks[1], 'Enforcer')] as const;
  return [sendersTo(stacks[0], enforcers[0]), sendersTo(stacks[1], enforcers[1])];
}

/** In a nested stack, if it has a name. */
function enforcerOf(parent: Stack, nested?: string): Senders {
  const stack = nested === undefined ? parent : new NestedStack(parent, nested);
  return sendersTo(stack, enforcerIn(stack, 'Enforcer'));
}

function stackOfStage(id: string): Stack {
  return new Stack(new Stage(newApp(), id, { env: ENV }), 'Data');
}

describe('the queues of an enforcer', () => {
  test('are encrypted by SQS and take TLS only, all four', () => {
    const stack = newStack();
    enforcerIn(stack, 'Enforcer');
    const queues = resourcesOf(stack, 'AWS::SQS::Queue');
    expect(queues).toHaveLength(4);
    for (const { Properties } of queues) expect(Properties).toMatchObject({ SqsManagedSseEnabled: true });
    for (const { Properties } of resourcesOf(stack, 'AWS::SQS::QueuePolicy')) {
      expect(Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Action: 'sqs:*',
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    }
    expect(resourcesOf(stack, 'AWS::SQS::QueuePolicy')).toHaveLength(4);
  });

  test('hide a message for six times as long as the function may run', () => {
    const stack = newStack();
    const { queue } = enforcerIn(stack, 'Enforcer');
    const { Timeout } = onlyResourceOf(stack, 'AWS::Lambda::Function').Properties;
    expect(resourceBehind(stack, queue).Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
  });

  test.each([
    ['five', undefined],
    ['as many as asked for', 8],
  ])('give a message up after %s tries, and keep it for the 14 days that SQS has', (_, maxReceiveCount) => {
    const stack = newStack();
    const { queue, deadLetterQueue } = new EncryptionEnforcer(stack, 'Enforcer', { maxReceiveCount });
    expect(resourceBehind(stack, queue).Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: stack.resolve(deadLetterQueue.queueArn),
      maxReceiveCount: maxReceiveCount ?? 5,
    });
    expect(resourceBehind(stack, deadLetterQueue).Properties.MessageRetentionPeriod).toBe(14 * 24 * 3600);
  });
});

describe('who may send to the queues', () => {
  test.each(FLAG_SETS)('is said in one statement each, however many buckets there are, under %s', (_, flags) => {
    const stack = newStack({ flags });
    enforcerIn(stack, 'Enforcer', 30);
    // One for each bucket, and two on re-keyed objects: a pattern has room for the names of 22 buckets.
    expect(resourcesOf(stack, 'AWS::Events::Rule')).toHaveLength(30 + 2);
    for (const queueArn of receivingQueues(stack)) {
      expect(allowsOf(stack, queueArn)).toEqual([
        expect.objectContaining({ Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: queueArn }),
      ]);
      for (const arn of ruleArns(stack)) expect(arn).toMatch(senderPattern(stack, queueArn));
    }
    expect(resourcesOf(stack, 'AWS::SQS::QueuePolicy').flatMap(({ Properties }) => Properties.PolicyDocument.Statement)).toHaveLength(6);
  });

  test('is refused by account and Region as well as by name', () => {
    const stack = newStack();
    enforcerIn(stack, 'Enforcer');
    const [arn = ''] = ruleArns(stack);
    for (const queueArn of receivingQueues(stack)) {
      const pattern = senderPattern(stack, queueArn);
      expect(arn.replace('111122223333', '444455556666')).not.toMatch(pattern);
      expect(arn.replace('eu-west-1', 'us-east-1')).not.toMatch(pattern);
    }
  });

  test.each<[string, () => readonly [Senders, Senders]]>([
    ['another enforcer of the stack', () => enforcersOfOneStack('Enforcer', 'Enforcer2')],
    ['an enforcer whose id goes on', () => enforcersOfOneStack('Enforcer', 'Enforcer-Second')],
    ['an enforcer beside one with the id Default', () => enforcersOfOneStack('Default', 'Enforcer')],
    [
      'the same path in a stack of another name',
      () => [enforcerOf(newStack({ stackName: 'One' })), enforcerOf(newStack({ stackName: 'Two' }))],
    ],
    [
      'the same path in a stack whose name goes on',
      () => [enforcerOf(newStack({ stackName: 'One' })), enforcerOf(newStack({ stackName: 'One-More' }))],
    ],
    ['another nested stack', () => enforcersOfNestedStacks('One', 'Two')],
    [
      'the same path in a nested stack of a stack of another name',
      () => [enforcerOf(newStack({ stackName: 'One' }), 'Nested'), enforcerOf(newStack({ stackName: 'Two' }), 'Nested')],
    ],
    ['the same path in another stage', () => [enforcerOf(stackOfStage('Beta')), enforcerOf(stackOfStage('Prod'))]],
  ])('does not include the rules of %s', (_, makeTwo) => {
    const [one, two] = makeTwo();
    expect(one.rules.filter((arn) => one.pattern.test(arn))).toEqual(one.rules);
    expect(two.rules.filter((arn) => two.pattern.test(arn))).toEqual(two.rules);
    expect(two.rules.filter((arn) => one.pattern.test(arn))).toEqual([]);
    expect(one.rules.filter((arn) => two.pattern.test(arn))).toEqual([]);
  });
});

test('the rules of buckets in a stack without an id have names of their own', () => {
  const stack = new Stack(newApp());
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
  for (const id of ['ArchiveDocuments', 'PublicDocuments']) enforcer.enforce(new s3.Bucket(stack, id), QUARANTINE_SSE_S3);
  const names = resourcesOf(stack, 'AWS::Events::Rule').map(({ Properties }) => Properties.Name);
  expect(names).toHaveLength(3);
  expect(new Set(names).size).toBe(3);
});
