import { CfnOutput, CfnParameter, RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { KmsQuotaIncrease } from '../../lib';
import { complaintsOf, FLAG_SETS, newStack, onlyResourceOf, resourcesOf, textOf } from '../support/stacks';
import { expectRefusal } from './mistake';

function deployed(removalPolicy?: RemovalPolicy) {
  const stack = newStack();
  const { outcome } = new KmsQuotaIncrease(stack, 'Increase', { requestsPerSecond: 50_000, removalPolicy });
  return { stack, outcome };
}

test('its custom resource says how much is wanted, to a function that has five minutes to answer', () => {
  const { stack } = deployed();
  const { Properties } = onlyResourceOf(stack, 'Custom::KmsQuotaIncrease');
  expect(Properties).toMatchObject({ RequestsPerSecond: 50_000, ServiceTimeout: '300' });
  expect(onlyResourceOf(stack, 'AWS::Lambda::Function').Properties.Timeout).toBeLessThan(300);
});

test('the function may ask for this one quota in its own account and Region, and nothing else', () => {
  const { stack } = deployed();
  const { Statement } = onlyResourceOf(stack, 'AWS::IAM::Policy').Properties.PolicyDocument;
  const known = { 'AWS::Partition': 'aws' };
  const statements = Statement.map(({ Resource, ...rest }: { Resource: unknown }) => ({ ...rest, Resource: textOf(Resource, known) }));
  expect(statements).toEqual([
    {
      Sid: 'WriteLogs',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: expect.stringMatching(/^\$\{IncreaseLogs\w+\.Arn\}$/),
    },
    {
      Sid: 'AskForThisQuota',
      Effect: 'Allow',
      Action: [
        'servicequotas:GetServiceQuota',
        'servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota',
        'servicequotas:RequestServiceQuotaIncrease',
      ],
      Resource: `arn:aws:servicequotas:${stack.region}:${stack.account}:kms/L-6E3AF000`,
    },
    // AWS knows no narrower resource for reading what it publishes.
    { Sid: 'ReadDefaults', Effect: 'Allow', Action: 'servicequotas:GetAWSDefaultServiceQuota', Resource: '*' },
    {
      Sid: 'LetServiceQuotasOpenCases',
      Effect: 'Allow',
      Action: 'iam:CreateServiceLinkedRole',
      Resource: `arn:aws:iam::${stack.account}:role/aws-service-role/servicequotas.amazonaws.com/AWSServiceRoleForServiceQuotas`,
      Condition: { StringEquals: { 'iam:AWSServiceName': 'servicequotas.amazonaws.com' } },
    },
  ]);
  expect(onlyResourceOf(stack, 'AWS::IAM::Role').Properties.ManagedPolicyArns).toBeUndefined();
});

test('is asked only once the function has its permissions', () => {
  const { stack } = deployed();
  const [policy] = Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const [handler] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  expect(handler?.['DependsOn']).toContain(policy);
});

test('brings one function, with a log group of its own, which stays unless it is told to go', () => {
  expect(resourcesOf(deployed().stack, 'AWS::Lambda::Function')).toHaveLength(1);
  expect(onlyResourceOf(deployed().stack, 'AWS::Logs::LogGroup')).toMatchObject({
    DeletionPolicy: 'Retain',
    Properties: { RetentionInDays: 365 },
  });
  expect(onlyResourceOf(deployed(RemovalPolicy.DESTROY).stack, 'AWS::Logs::LogGroup').DeletionPolicy).toBe('Delete');
});

test('outcome is what the function answers', () => {
  const { stack, outcome } = deployed();
  new CfnOutput(stack, 'Outcome', { value: outcome });
  expect(stack.resolve(outcome)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^IncreaseRequest/), 'Outcome'] });
});

test.each(FLAG_SETS)('it synthesises without a complaint: %s', (_, flags) => {
  const stack = newStack({ flags });
  new KmsQuotaIncrease(stack, 'Increase', { requestsPerSecond: 50_000 });
  expect(complaintsOf(stack)).toEqual([]);
});

test.each([
  [0, '0'],
  [-1, '-1'],
  [1.5, '1.5'],
  [Number.NaN, '"NaN"'],
  [Number.POSITIVE_INFINITY, '"Infinity"'],
  ['50000' as unknown as number, '"50000"'],
])('%p requests a second are refused', (requestsPerSecond, value) => {
  expectRefusal({
    mistake: value,
    make: (stack) => new KmsQuotaIncrease(stack, 'Increase', { requestsPerSecond }),
    path: 'Data/Increase',
    what: /^requestsPerSecond must be a whole number, 1 or more$/,
    value,
    remedy: 'Give the quota that you need; docs/kms-quota.md says how to forecast it.',
  });
});

test('a quota that is known at deployment only is not refused', () => {
  const stack = newStack();
  const requestsPerSecond = new CfnParameter(stack, 'Quota', { type: 'Number' }).valueAsNumber;
  expect(() => new KmsQuotaIncrease(stack, 'Increase', { requestsPerSecond })).not.toThrow();
});
