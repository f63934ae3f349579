import { findingsFunction, fullEnforcerIn, outputRules, resourceNamed } from '../support/enforcer-outputs';
import { ENV, newStack, textOf } from '../support/stacks';

const PRODUCT = `arn:aws:securityhub:${ENV.region}:${ENV.account}:product/${ENV.account}/default`;
const EVENTS = ['S3 Object Encryption Violation', 'S3 Object Released', 'S3 Object Discarded'];

describe('findings for Security Hub', () => {
  test('are made of violations and their ends, by a queue of their own', () => {
    const stack = newStack();
    const enforcer = fullEnforcerIn(stack);
    const { findings } = outputRules(stack);
    expect(findings.EventPattern).toEqual({
      source: ['cdk-s3-encryption-guard'],
      'detail-type': EVENTS,
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
