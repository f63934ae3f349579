import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  AlertTopic,
  EncryptedBucket,
  EncryptionCanary,
  EncryptionEnforcer,
  type EncryptionEnforcerProps,
  EnforcementAction,
  TamperAlerts,
} from '../../lib';
import { objectEvent } from '../support/object-event';
import { complaintsOf, ENV, FLAG_SETS, newApp, newStack, type Resource, resourcesOf, siblingOf, textOf } from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

const PRODUCT = `arn:aws:securityhub:${ENV.region}:${ENV.account}:product/${ENV.account}/default`;
const VIOLATION = 'S3 Object Encryption Violation';
const LATER = ['S3 Object Re-encrypted', 'S3 Object Released', 'S3 Object Discarded'];

function enforcerIn(stack: Stack, props: EncryptionEnforcerProps = {}): EncryptionEnforcer {
  return new EncryptionEnforcer(stack, 'Enforcer', props);
}

function fullEnforcerIn(stack: Stack): EncryptionEnforcer {
  return enforcerIn(stack, { violationTopic: new AlertTopic(stack, 'Alerts'), securityHubFindings: true });
}

/** Rules of its outputs, by the end of their names. */
function outputRules(stack: Stack): Readonly<Record<string, Resource['Properties']>> {
  const named = resourcesOf(stack, 'AWS::Events::Rule').flatMap(({ Properties }) => {
    const name = /-(violations|endings|findings)$/.exec(Properties.Name ?? '')?.[1];
    return name === undefined ? [] : [[name, Properties]];
  });
  return Object.fromEntries(named);
}

const findingsFunction = (stack: Stack) =>
  resourcesOf(stack, 'AWS::Lambda::Function').find(({ Properties }) => 'PRODUCT_ARN' in (Properties.Environment?.Variables ?? {}));

/** Of the type with such a logical id. */
function resourceNamed(stack: Stack, type: string, id: RegExp): [string, Resource] {
  const found = Object.entries(Template.fromStack(stack).findResources(type)).filter(([name]) => id.test(name));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} of ${type} are named ${id}`);
  return found[0] as [string, Resource];
}

/** What EventBridge makes of an event: each path's value in its place, and nothing where there is none. */
function rendered(
  { InputPathsMap, InputTemplate }: { InputPathsMap: Record<string, string>; InputTemplate: string },
  event: object,
): string[] {
  const fieldOf = (name: string) => {
    const path = InputPathsMap[name];
    if (path === undefined) throw new Error(`there is no path for ${name}`);
    const at = (value: unknown, field: string) => (value as Record<string, unknown> | undefined)?.[field];
    return (
      path
        .slice(2)
        .split('.')
        .reduce(at, event as unknown) ?? ''
    );
  };
  return InputTemplate.split('\n').map((line) => JSON.parse(line).replace(/<(\w+)>/g, (_: string, name: string) => String(fieldOf(name))));
}

test('an enforcer has none of them unless it is asked to', () => {
  const stack = newStack();
  const enforcer = enforcerIn(stack);
  expect(outputRules(stack)).toEqual({});
  expect(findingsFunction(stack)).toBeUndefined();
  expect(resourcesOf(stack, 'AWS::SQS::Queue')).toHaveLength(4);
  expect(enforcer.alarms).toHaveLength(10);
});

describe('the topic of violations', () => {
  test('hears of each violation of this enforcer once, and of its end', () => {
    const stack = newStack();
    const enforcer = fullEnforcerIn(stack);
    const { violations, endings } = outputRules(stack);
    expect([violations.EventPattern, endings.EventPattern]).toEqual([
      { source: ['cdk-s3-encryption-guard'], 'detail-type': [VIOLATION], detail: { enforcer: [enforcer._name] } },
      { source: ['cdk-s3-encryption-guard'], 'detail-type': LATER, detail: { enforcer: [enforcer._name] } },
    ]);
  });

  test('may be told by rules of the account: topic and key have the statements that AlertTopic adds', () => {
    const stack = newStack();
    const alerts = new AlertTopic(stack, 'Alerts');
    enforcerIn(stack, { violationTopic: alerts });
    const [, policy] = resourceNamed(stack, 'AWS::SNS::TopicPolicy', /Alerts/);
    expect(JSON.stringify(policy)).toContain('"aws:SourceAccount"');
    for (const { Targets } of Object.values(outputRules(stack)))
      expect(Targets.map(({ Arn }: { Arn: unknown }) => Arn)).toEqual([stack.resolve(alerts.topic.topicArn)]);
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('gets a text that says what, where, what was done and what to do', () => {
    const stack = newStack();
    fullEnforcerIn(stack);
    const [target] = outputRules(stack)['violations'].Targets;
    const detail = { outcome: 'quarantined', requested: 'quarantine', location: 's3://quarantine/objects/records/a/b.txt/v1' };
    expect(rendered(target.InputTransformer, objectEvent({ detail }))).toEqual([
      'An S3 object is not encrypted as required.',
      'Object: s3://records/a/b.txt',
      'Version: v1',
      'Required: SSE-KMS under arn:aws:kms:eu-west-1:111122223333:key/k',
      'Observed: SSE-S3  (wrong-scheme)',
      'Done about it: quarantined  (asked for: quarantine; why less, if so: )',
      'Copy in quarantine: s3://quarantine/objects/records/a/b.txt/v1',
      'When: 2026-11-22T10:00:00Z',
      'Where: account 111122223333, eu-west-1, enforcer Data-Enforcer-0a1b2c3d',
      'What to do: https://github.com/cdk-s3-encryption-guard/cdk-s3-encryption-guard/blob/main/docs/operator-runbook.md#a-violation-was-told',
    ]);
  });

  test('gets a text about the end of an object that names it first', () => {
    const stack = newStack();
    fullEnforcerIn(stack);
    const [target] = outputRules(stack)['endings'].Targets;
    const event = objectEvent({ 'detail-type': 'S3 Object Released', detail: { outcome: 'released' } });
    expect(rendered(target.InputTransformer, event).slice(0, 4)).toEqual([
      'S3 Object Released: an object that was not encrypted as required.',
      'Object: s3://records/a/b.txt',
      'Version: v1',
      'Outcome: released',
    ]);
  });

  test('may be in another stack of the account, which also gets the alarms', () => {
    const stack = newStack();
    const operations = siblingOf(stack, 'Operations');
    const alerts = new AlertTopic(operations, 'Alerts');
    const enforcer = enforcerIn(stack, { violationTopic: alerts });
    alerts.receiveFrom(...enforcer.alarms);
    const ofCdk = /defaultCrossStackReferences/;
    expect(complaintsOf(stack).filter((complaint) => !ofCdk.test(complaint))).toEqual([]);
  });

  const elsewhere = (stack: Stack, env: { account?: string; region?: string }) =>
    new AlertTopic(new Stack(stack.node.root as never, 'Elsewhere', { env: { ...ENV, ...env } }), 'Alerts');

  test.each<Mistake>([
    {
      mistake: 'of another Region',
      make: (stack) => enforcerIn(stack, { violationTopic: elsewhere(stack, { region: 'us-east-1' }) }),
      path: 'Data/Enforcer/Outputs',
      what: /^violationTopic is of another account or Region than the enforcer/,
      value: `"Elsewhere/Alerts: ${ENV.account}/us-east-1"`,
      remedy: 'Make an AlertTopic beside the enforcer.',
    },
    {
      mistake: 'of another account',
      make: (stack) => enforcerIn(stack, { violationTopic: elsewhere(stack, { account: '999999999999' }) }),
      path: 'Data/Enforcer/Outputs',
      what: /^violationTopic is of another account or Region than the enforcer/,
      value: `"Elsewhere/Alerts: 999999999999/${ENV.region}"`,
      remedy: 'Make an AlertTopic beside the enforcer.',
    },
  ])('$mistake is refused', expectRefusal);

  test('is taken where account and Region are known at deployment only', () => {
    const app = newApp();
    const stack = new Stack(app, 'Anywhere');
    enforcerIn(stack, { violationTopic: new AlertTopic(stack, 'Alerts') });
    expect(Object.keys(outputRules(stack)).sort()).toEqual(['endings', 'violations']);
  });
});

describe('findings for Security Hub', () => {
  test('are made of violations and their ends, by a queue of their own', () => {
    const stack = newStack();
    const enforcer = fullEnforcerIn(stack);
    const { findings } = outputRules(stack);
    expect(findings.EventPattern).toEqual({
      source: ['cdk-s3-encryption-guard'],
      'detail-type': [VIOLATION, ...LATER],
      detail: { enforcer: [enforcer._name] },
    });
    const [queueId, queue] = resourceNamed(stack, 'AWS::SQS::Queue', /OutputsSecurityHubQueue/);
    expect(findings.Targets.map(({ Arn }: { Arn: unknown }) => Arn)).toEqual([{ 'Fn::GetAtt': [queueId, 'Arn'] }]);
    const [deadLettersId] = resourceNamed(stack, 'AWS::SQS::Queue', /OutputsSecurityHubDeadLetters/);
    expect(queue.Properties).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 24 * 3600,
      RedrivePolicy: { maxReceiveCount: 10, deadLetterTargetArn: { 'Fn::GetAtt': [deadLettersId, 'Arn'] } },
    });
  });

  test('are sent a hundred at a time at most, and messages fail one by one', () => {
    const stack = newStack();
    fullEnforcerIn(stack);
    const [, mapping] = resourceNamed(stack, 'AWS::Lambda::EventSourceMapping', /SecurityHub/);
    expect(mapping.Properties).toMatchObject({
      BatchSize: 100,
      // Lambda asks for one second at least where a batch has more than ten.
      MaximumBatchingWindowInSeconds: 30,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    const [, queue] = resourceNamed(stack, 'AWS::SQS::Queue', /OutputsSecurityHubQueue/);
    const timeout = findingsFunction(stack)?.Properties.Timeout;
    expect(queue.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeout + 30);
  });

  test('are filed by a role that may do that, in its own account, and nothing else but take messages and write its log', () => {
    const stack = newStack();
    fullEnforcerIn(stack);
    const [queueId] = resourceNamed(stack, 'AWS::SQS::Queue', /OutputsSecurityHubQueue/);
    const [logsId] = resourceNamed(stack, 'AWS::Logs::LogGroup', /OutputsSecurityHubLogs/);
    const [, policy] = resourceNamed(stack, 'AWS::IAM::Policy', /OutputsSecurityHubRole/);
    const [, role] = resourceNamed(stack, 'AWS::IAM::Role', /OutputsSecurityHubRole/);
    expect(role.Properties.ManagedPolicyArns).toBeUndefined();
    const statements = policy.Properties.PolicyDocument.Statement;
    expect(statements.map(({ Action, Resource }: { Action: unknown; Resource: unknown }) => [[Action].flat(), textOf(Resource)])).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], `\${${logsId}.Arn}`],
      [['securityhub:BatchImportFindings'], PRODUCT],
      [
        ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueUrl', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        `\${${queueId}.Arn}`,
      ],
    ]);
    expect(textOf(findingsFunction(stack)?.Properties.Environment.Variables.PRODUCT_ARN)).toBe(PRODUCT);
  });
});

describe('both', () => {
  test('keep what cannot be delivered, and have alarms that say so in the runbook', () => {
    const stack = newStack();
    const enforcer = fullEnforcerIn(stack);
    const [undeliveredId] = resourceNamed(stack, 'AWS::SQS::Queue', /OutputsUndelivered/);
    for (const { Targets } of Object.values(outputRules(stack)))
      expect(Targets[0].DeadLetterConfig.Arn).toEqual({ 'Fn::GetAtt': [undeliveredId, 'Arn'] });
    expect(enforcer.alarms).toHaveLength(12);
    const runbook = readFileSync(join(__dirname, '..', '..', 'docs', 'operator-runbook.md'), 'utf8');
    const sections = [...runbook.matchAll(/^##+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'));
    const watched = resourcesOf(stack, 'AWS::CloudWatch::Alarm').flatMap(({ Properties: { AlarmDescription, Dimensions } }) => {
      expect(sections).toContain(/#([\w-]+)$/.exec(AlarmDescription)?.[1]);
      return (Dimensions ?? []).map(({ Value }: { Value: unknown }) => textOf(Value));
    });
    const [deadLettersId] = resourceNamed(stack, 'AWS::SQS::Queue', /OutputsSecurityHubDeadLetters/);
    expect(watched).toEqual(expect.arrayContaining([`\${${undeliveredId}.QueueName}`, `\${${deadLettersId}.QueueName}`]));
    expect(sections).toContain('a-violation-was-told');
  });

  test('let in the rules of the enforcer, and no others', () => {
    const stack = newStack();
    const enforcer = fullEnforcerIn(stack);
    for (const id of [/OutputsUndeliveredPolicy/, /OutputsSecurityHubQueuePolicy/]) {
      const [, policy] = resourceNamed(stack, 'AWS::SQS::QueuePolicy', id);
      const [allowing, ...others] = policy.Properties.PolicyDocument.Statement.filter(
        ({ Effect }: { Effect: string }) => Effect === 'Allow',
      );
      expect(others).toEqual([]);
      expect(textOf(allowing.Condition.ArnLike['aws:SourceArn'])).toBe(
        `arn:aws:events:${ENV.region}:${ENV.account}:rule/${enforcer._name}-*`,
      );
    }
  });

  test('do not tell what a canary writes, though it is made after the enforcer', () => {
    const stack = newStack();
    const enforcer = fullEnforcerIn(stack);
    new EncryptedBucket(stack, 'Records', { enforcer, action: EnforcementAction.TAG });
    const canary = new EncryptionCanary(stack, 'Canary', { enforcer });
    for (const { EventPattern } of Object.values(outputRules(stack)))
      expect(EventPattern.detail.bucket).toEqual([{ 'anything-but': [stack.resolve(canary.bucket.bucketName)] }]);
  });

  test('are watched by TamperAlerts, as all that belongs to the enforcer', () => {
    const stack = newStack();
    const enforcer = fullEnforcerIn(stack);
    new TamperAlerts(stack, 'Tamper', { enforcers: [enforcer] });
    const watched = JSON.stringify(
      resourcesOf(stack, 'AWS::Events::Rule').filter(({ Properties }) => /-(functions|queues|alarms)(-\d+)?$/.test(Properties.Name)),
    );
    for (const [type, id] of [
      ['AWS::Lambda::Function', /OutputsSecurityHubHandler/],
      ['AWS::SQS::Queue', /OutputsSecurityHubQueue/],
      ['AWS::SQS::Queue', /OutputsUndelivered/],
      ['AWS::CloudWatch::Alarm', /OutputsSecurityHubDeadLettersAlarm/],
    ] as const)
      expect(watched).toContain(resourceNamed(stack, type, id)[0]);
  });

  test.each(FLAG_SETS)('synthesise without complaint with %s', (_, flags) => {
    const stack = newStack({ flags });
    fullEnforcerIn(stack);
    expect(complaintsOf(stack)).toEqual([]);
  });
});
