import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptedBucket, EncryptionEnforcer, QuarantineRelease } from '../../lib';
import { complaintsOf, newStack, resourcesOf, siblingOf, statementsOf } from '../support/stacks';

function newRelease(props: { readonly timeout?: Duration } = {}) {
  const stack = newStack();
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
  return { stack, enforcer, release: new QuarantineRelease(stack, 'Release', { enforcer, ...props }) };
}

const functionOf = (stack: Stack) =>
  resourcesOf(stack, 'AWS::Lambda::Function').find(({ Properties }) => /^Puts objects back/.test(Properties.Description))?.Properties;

test('the function is told of the same enforcer, rules and quarantine as the one that verifies', () => {
  const { stack } = newRelease();
  const release = functionOf(stack);
  const [verifier] = resourcesOf(stack, 'AWS::Lambda::Function').filter(({ Properties }) => /^Verifies/.test(Properties.Description));
  const { variables } = { variables: release.Environment.Variables };
  expect(Object.keys(variables).sort()).toEqual(['ENFORCER_NAME', 'QUARANTINE_BUCKET', 'QUARANTINE_KEY_ARN', 'RULE_PARAMETER_PREFIX']);
  expect(verifier?.Properties.Environment.Variables).toMatchObject(variables);
  expect(release.Timeout).toBe(900);
});

test('it has a log of its own', () => {
  const { stack, release } = newRelease();
  expect(functionOf(stack).LoggingConfig.LogGroup).toEqual(stack.resolve(release.logGroup.logGroupName));
});

test('nobody may invoke it who is not let in', () => {
  const { stack, release } = newRelease();
  const operators = iam.Role.fromRoleArn(stack, 'Operators', 'arn:aws:iam::111122223333:role/operators');
  release.grantInvoke(operators);
  const policies = resourcesOf(stack, 'AWS::IAM::Policy').filter(({ Properties }) => Properties.Roles.includes('operators'));
  expect(policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement)).toMatchObject([{ Action: 'lambda:InvokeFunction' }]);
  expect(resourcesOf(stack, 'AWS::Lambda::Permission')).toEqual([]);
});

test('buckets that are guarded later, also in other stacks, can be released to, and let it look at tagged objects', () => {
  const { stack, enforcer } = newRelease();
  const other = siblingOf(stack, 'Other');
  const here = new EncryptedBucket(stack, 'Here', { enforcer, bucketName: 'here-bucket' });
  const there = new EncryptedBucket(other, 'There', { enforcer, bucketName: 'there-bucket' });
  const text = JSON.stringify(resourcesOf(stack, 'AWS::IAM::Policy').filter(({ Properties }) => /^Release/.test(Properties.PolicyName)));
  expect(text).toContain(JSON.stringify(stack.resolve(here.bucket.bucketArn)));
  expect(text).toMatch(/Fn::ImportValue":"Other:ExportsOutputFnGetAttThere/);
  for (const bucket of [here, there]) {
    const statements = statementsOf(Stack.of(bucket), bucket.bucket as s3.Bucket);
    const readers = JSON.stringify(statements.find(({ Sid }) => Sid === 'DenyReadsOfTaggedObjects'));
    expect(readers).toMatch(/role\/Data-Release-[0-9a-f]{8}-eu-west-1/);
  }
});

test('where the enforcer guards nothing, it may put nothing back', () => {
  const { stack } = newRelease();
  expect(complaintsOf(stack)).toEqual([]);
  const policies = resourcesOf(stack, 'AWS::IAM::Policy').filter(({ Properties }) => /^Release/.test(Properties.PolicyName));
  const sids = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement.map(({ Sid }: { Sid?: string }) => Sid));
  expect(sids).not.toContain('PutBack');
});

test('without it, the quarantine is closed to all but the enforcer, as before', () => {
  const stack = newStack();
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
  const sids = statementsOf(stack, enforcer.quarantineBucket).map(({ Sid }) => Sid);
  expect(sids.filter((sid) => /Release|Records/.test(sid ?? ''))).toEqual([]);
});

test('its metrics are counted under the name of the enforcer', () => {
  const { enforcer, release } = newRelease();
  const names = [release.metricReleasedObjects(), release.metricDiscardedObjects({ period: Duration.hours(1) })];
  expect(names.map(({ namespace, metricName, dimensions }) => [namespace, metricName, dimensions])).toEqual([
    ['S3EncryptionGuard', 'ReleasedObjects', { service: enforcer._name }],
    ['S3EncryptionGuard', 'DiscardedObjects', { service: enforcer._name }],
  ]);
});

describe('a mistake is told at once', () => {
  test('a second one for the same enforcer', () => {
    const { stack, enforcer } = newRelease();
    expect(() => new QuarantineRelease(stack, 'Again', { enforcer })).toThrow(/has a QuarantineRelease, Data\/Release.*grantInvoke/s);
  });

  test('another stack', () => {
    const { stack, enforcer } = newRelease();
    expect(() => new QuarantineRelease(siblingOf(stack, 'Other'), 'Release', { enforcer })).toThrow(/stack of its enforcer/);
  });

  test.each([Duration.seconds(119), Duration.minutes(16)])('a timeout of %s', (timeout) => {
    expect(() => newRelease({ timeout })).toThrow(/timeout must be a Duration of whole seconds from 2 minutes to 15 minutes/);
  });

  test('a role that is given another name', () => {
    const { stack, enforcer, release } = newRelease();
    new EncryptedBucket(stack, 'Bucket', { enforcer });
    (release.handler.role?.node.defaultChild as iam.CfnRole).roleName = 'another';
    expect(() => resourcesOf(stack, 'AWS::IAM::Role')).toThrow(/would lock it out/);
  });
});
