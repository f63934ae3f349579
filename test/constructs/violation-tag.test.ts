import { type App, CfnParameter, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { EncryptedBucket, EncryptionEnforcer, EnforcementAction, ObjectEncryption } from '../../lib';
import {
  complaintsOf,
  ENV,
  newApp,
  newStack,
  onlyResourceOf,
  policiesOf,
  resourcesOf,
  type Statement,
  siblingOf,
  statementsOf,
  textOf,
} from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

const encryption = ObjectEncryption.sseS3();
const { QUARANTINE, REPORT, TAG } = EnforcementAction;
const AUDITOR = 'arn:aws:iam::111122223333:role/auditor';
const REPLICATION = 'arn:aws:iam::444455556666:role/replication';
const TAG_SIDS = ['DenyReadsOfTaggedObjects', 'DenyTaggingOfTaggedObjects', 'DenyViolationTagByOthers', 'DenyReplicatedTagsByOthers'];

const guarded = (stack: Stack) => {
  const bucket = new s3.Bucket(stack, 'Records', { encryption: s3.BucketEncryption.S3_MANAGED });
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
  return { stack, bucket, enforcer };
};
const tagStatementsOf = (stack: Stack, bucket: s3.IBucket) => statementsOf(stack, bucket).filter(({ Sid = '' }) => TAG_SIDS.includes(Sid));
const sparedBy = (statements: readonly Statement[], sid: string) =>
  [statements.find(({ Sid }) => Sid === sid)?.Condition?.['ArnNotEquals']?.['aws:PrincipalArn']].flat();

/** The role of the function, by the name that it has in the template of its own stack. */
const roleArnOf = (stack: Stack): string => {
  const { Role } = onlyResourceOf(stack, 'AWS::Lambda::Function').Properties;
  const roles = resourcesOf(stack, 'AWS::IAM::Role').filter(({ Properties }) => Properties.RoleName !== undefined);
  expect([roles.length, Role['Fn::GetAtt'][1]]).toEqual([1, 'Arn']);
  return `role/${textOf(roles[0]?.Properties.RoleName)}`;
};

describe('objects with the violation tag', () => {
  test.each([TAG, QUARANTINE])('are closed to all but the enforcer, and the tag is its own, where it acts: %s', (action) => {
    const { stack, bucket, enforcer } = guarded(newStack());
    enforcer.enforce(bucket, { encryption, action });
    const statements = tagStatementsOf(stack, bucket);
    expect(statements.map(({ Sid }) => Sid)).toEqual(TAG_SIDS);
    for (const sid of TAG_SIDS.slice(0, 3)) {
      expect(JSON.stringify(sparedBy(statements, sid))).toContain(roleArnOf(stack));
      expect(sparedBy(statements, sid)).toHaveLength(1);
    }
    const [reads, tagging, tag, replicas] = statements.map(({ Condition = {} }) => {
      const { ArnNotEquals: _, ...rest } = Condition;
      return rest;
    });
    const tagged = { Null: { 's3:ExistingObjectTag/s3-encryption-guard:violation': 'false' } };
    expect([reads, tagging, replicas]).toEqual([tagged, tagged, {}]);
    expect(tag).toEqual({ 'ForAnyValue:StringEqualsIgnoreCase': { 's3:RequestObjectTagKeys': ['s3-encryption-guard:violation'] } });
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('are nobody’s where violations are only reported', () => {
    const { stack, bucket, enforcer } = guarded(newStack());
    enforcer.enforce(bucket, { encryption, action: REPORT });
    expect(policiesOf(stack, bucket)).toEqual([]);
  });

  test('share the one policy of the bucket with everything else that it says', () => {
    const stack = newStack();
    const { bucket } = new EncryptedBucket(stack, 'Records', { encryption, replicationRoles: [REPLICATION] });
    expect(policiesOf(stack, bucket)).toHaveLength(1);
    expect(statementsOf(stack, bucket).map(({ Sid }) => Sid)).toEqual(expect.arrayContaining(['DenyWrongEncryption', ...TAG_SIDS]));
    expect(sparedBy(tagStatementsOf(stack, bucket), 'DenyReplicatedTagsByOthers')).toEqual([REPLICATION]);
  });

  test('stay closed to tags that others replicate, if nobody is named', () => {
    const { stack, bucket, enforcer } = guarded(newStack());
    enforcer.enforce(bucket, { encryption, action: TAG });
    const statement = tagStatementsOf(stack, bucket).find(({ Sid }) => Sid === 'DenyReplicatedTagsByOthers');
    expect(statement).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:ReplicateTags' });
    expect(statement?.Condition).toBeUndefined();
  });
});

describe('who may read the quarantine', () => {
  test.each<[string, (enforcer: EncryptionEnforcer, enforce: () => void, reader: iam.IRole) => void]>([
    ['before', (enforcer, enforce, reader) => [enforcer.grantQuarantineRead(reader), enforce()]],
    ['after', (enforcer, enforce, reader) => [enforce(), enforcer.grantQuarantineRead(reader)]],
  ])('reads tagged objects of the same stack, granted %s, and changes no tags', (_, make) => {
    const { stack, bucket, enforcer } = guarded(newStack());
    const reader = new iam.Role(stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });
    make(enforcer, () => enforcer.enforce(bucket, { encryption, action: TAG }), reader);
    const statements = tagStatementsOf(stack, bucket);
    expect(sparedBy(statements, 'DenyReadsOfTaggedObjects')).toContainEqual(stack.resolve(reader.roleArn));
    for (const sid of TAG_SIDS.slice(1)) expect(sparedBy(statements, sid)).not.toContainEqual(stack.resolve(reader.roleArn));
    expect(complaintsOf(stack)).toEqual([]);
  });
});

describe('a bucket of another stack than its enforcer', () => {
  const make = (flags: Readonly<Record<string, unknown>>, env: Partial<typeof ENV> = ENV) => {
    const stack = new Stack(newApp(flags), 'Data', { env });
    const verifier = new Stack(stack.node.root as App, 'Verifier', { env });
    return { stack, verifier, enforcer: new EncryptionEnforcer(verifier, 'Enforcer') };
  };

  test.each<[string, object, object]>([
    ['strong references', { '@aws-cdk/core:defaultCrossStackReferences': 'strong' }, ENV],
    ['weak references', recommendedFlags, ENV],
    ['no environment', { '@aws-cdk/core:defaultCrossStackReferences': 'strong' }, {}],
  ])('names the role of the enforcer without waiting for it: %s', (_, flags, env) => {
    const { stack, verifier, enforcer } = make(flags as Readonly<Record<string, unknown>>, env);
    const { bucket } = new EncryptedBucket(stack, 'Records', { encryption, enforcer });
    enforcer.grantQuarantineRead(iam.Role.fromRoleArn(verifier, 'Auditor', AUDITOR));
    expect([stack.dependencies, verifier.dependencies]).toEqual([[], []]);
    expect([...complaintsOf(stack), ...complaintsOf(verifier)]).toEqual([]);
    expect([stack.dependencies, verifier.dependencies]).toEqual([[], [stack]]);
    const statements = tagStatementsOf(stack, bucket);
    for (const sid of TAG_SIDS.slice(0, 3)) {
      const [first] = sparedBy(statements, sid).map((arn) => textOf(arn));
      expect(first?.endsWith(`:${roleArnOf(verifier)}`)).toBe(true);
    }
    expect(JSON.stringify(statements)).not.toMatch(/ImportValue|GetStackOutput/);
    expect(sparedBy(statements, 'DenyReadsOfTaggedObjects')).toContainEqual(AUDITOR);
  });

  test.each([true, false])('leaves out readers whose ARN is not known there, and says so; granted before: %p', (before) => {
    const { stack, verifier, enforcer } = make({ '@aws-cdk/core:defaultCrossStackReferences': 'strong' });
    const reader = new iam.Role(verifier, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });
    if (before) enforcer.grantQuarantineRead(reader);
    const { bucket } = new EncryptedBucket(stack, 'Records', { encryption, enforcer });
    if (!before) enforcer.grantQuarantineRead(reader);
    expect(complaintsOf(stack)).toEqual([
      expect.stringMatching(
        /^Data\/Records\/Bucket: somebody who may read the quarantine cannot read tagged objects of this bucket: the ARN is not known outside the stack of the enforcer \(got "<known at deployment>"\)\. Give the role a name, and pass iam\.Role\.fromRoleArn\(\) with its ARN to grantQuarantineRead\(\)\. \[ack: cdk-s3-encryption-guard:UnknownReader\]$/,
      ),
    ]);
    expect(sparedBy(tagStatementsOf(stack, bucket), 'DenyReadsOfTaggedObjects')).toHaveLength(1);
    expect(stack.dependencies).toEqual([]);
  });
});

describe('an imported bucket', () => {
  test.each([TAG, QUARANTINE])('brings a warning that its owner must close tagged objects: %s', (action) => {
    const stack = newStack();
    const bucket = s3.Bucket.fromBucketName(stack, 'Imported', 'records-444455556666');
    new EncryptionEnforcer(stack, 'Enforcer').enforce(bucket, { encryption, action });
    expect(complaintsOf(stack)).toContainEqual(
      expect.stringMatching(
        /^Data\/Imported: objects of an imported bucket that are tagged as violations stay readable, .*EncryptionEnforcer\.violationTagStatements\(\).*\[ack: cdk-s3-encryption-guard:TaggedObjectsOfImportedBucket\]$/,
      ),
    );
  });

  test('brings none where violations are only reported', () => {
    const stack = newStack();
    const bucket = s3.Bucket.fromBucketName(stack, 'Imported', 'records-444455556666');
    new EncryptionEnforcer(stack, 'Enforcer').enforce(bucket, { encryption, action: REPORT });
    expect(complaintsOf(stack).filter((complaint) => complaint.includes('Tagged'))).toEqual([]);
  });

  test('has its owner’s statements from violationTagStatements()', () => {
    const stack = newStack();
    const bucket = s3.Bucket.fromBucketName(stack, 'Imported', 'records-444455556666');
    const statements = new EncryptionEnforcer(stack, 'Enforcer').violationTagStatements(bucket, [REPLICATION]);
    expect(statements.map(({ sid }) => sid)).toEqual(TAG_SIDS);
    for (const statement of statements) expect(stack.resolve(statement.resources)).toEqual([stack.resolve(bucket.arnForObjects('*'))]);
  });
});

describe('the name of an enforcer’s role', () => {
  const nameIn = (stack: Stack, id = 'Enforcer') => {
    new EncryptionEnforcer(stack, id);
    return resourcesOf(stack, 'AWS::IAM::Role').map(({ Properties }) => Properties.RoleName as string);
  };

  test('fits into IAM’s 64 characters in the Region with the longest name', () => {
    const [name] = nameIn(
      newStack({ env: { ...ENV, region: 'us-isof-south-1' } }),
      'AnEnforcerWithANameThatIsLongerThanMostPeopleWouldEverChoose',
    );
    expect(name).toMatch(/^Data-AnEnforcer[\w-]+-[0-9a-f]{8}-us-isof-south-1$/);
    expect(name?.length).toBeLessThanOrEqual(64);
  });

  test('is another for each enforcer, stack and Region: IAM has them all in one account', () => {
    const two = newStack();
    new EncryptionEnforcer(siblingOf(two, 'Other'), 'Enforcer');
    new EncryptionEnforcer(two, 'First');
    const names = [
      ...nameIn(two, 'Second'),
      ...nameIn(newStack({ stackName: 'Second' })),
      ...nameIn(newStack({ env: { ...ENV, region: 'us-east-1' } })),
      ...nameIn(newStack()),
    ];
    expect(names).toHaveLength(5);
    expect(new Set(names).size).toBe(5);
  });

  test('is the same in the next synthesis: policies elsewhere name it', () => {
    expect(nameIn(newStack())).toEqual(nameIn(newStack()));
  });
});

const replicated = (mistake: string, arn: string): Mistake => ({
  mistake,
  make: (stack) => new EncryptedBucket(stack, 'Records', { encryption, replicationRoles: [REPLICATION, arn] }),
  path: 'Data/Records/Bucket',
  what: /^replicationRoles are named by their ARNs, without wildcards$/,
  value: JSON.stringify(arn),
  remedy: 'Pass for example arn:aws:iam::111122223333:role/replication.',
});

describe('replicationRoles that no policy could mean are refused, with path, value and remedy', () => {
  test.each([
    replicated('a wildcard', 'arn:aws:iam::444455556666:role/*'),
    replicated('an account', 'arn:aws:iam::444455556666:root'),
    replicated('a service', 's3.amazonaws.com'),
    replicated('a name', 'replication'),
  ])('$mistake', (mistake) => expectRefusal(mistake));

  test('but not an ARN that only the deployment knows', () => {
    const stack = newStack();
    const replicationRoles = [new CfnParameter(stack, 'Role').valueAsString];
    expect(() => new EncryptedBucket(stack, 'Records', { encryption, replicationRoles })).not.toThrow();
  });
});
