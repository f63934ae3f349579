import { configOf, deployed, documentIn, EVERYTHING, newStacks } from '../support/guard-app';
import { type Resource, type Statement, textOf } from '../support/stacks';

const [KEYS, DATA, AUDIT] = ['111111111111', '222222222222', '333333333333'];
const trailArn = (account: string | undefined, name: string) => `arn:aws:cloudtrail:eu-west-1:${account}:trail/${name}`;

/** All resources of a stack. */
function resourcesOf(document: unknown): (stackName: string, type: string) => Resource[] {
  const assembly = newStacks(document).app.synth();
  return (stackName, type) =>
    Object.values(assembly.getStackByName(stackName).template.Resources as Record<string, Resource>).filter(({ Type }) => Type === type);
}

const statementsOf = ({ Properties }: Resource): Statement[] => (Properties.KeyPolicy ?? Properties.PolicyDocument).Statement;

describe('a central audit of a key account and of two Regions of a data account', () => {
  const document = deployed(documentIn('bin/examples/central-audit.json'));
  const resources = resourcesOf(document);
  const trailIn = (stackName: string) => resources(stackName, 'AWS::CloudTrail::Trail')[0]?.Properties ?? {};

  test('has one trail for each account, all of which deliver to its bucket under its key', () => {
    const { delivery } = configOf(document).audit ?? {};
    const trails = ['S3EncryptionAudit', 'S3EncryptionGuard-Trail', 'S3EncryptionKeys-Trail'].map(trailIn);
    expect(trails.map(({ TrailName }) => TrailName)).toEqual(['S3EncryptionAudit', 'S3EncryptionGuard-Trail', 'S3EncryptionKeys-Trail']);
    const others = trails.slice(1).map(({ S3BucketName, KMSKeyId }) => ({ bucketName: S3BucketName, keyArn: KMSKeyId }));
    expect(others).toEqual([delivery, delivery]);
    expect(resources('S3EncryptionGuard-Frankfurt-Monitoring', 'AWS::CloudTrail::Trail')).toEqual([]);
  });

  test('lets in these trails and no others, before they are there', () => {
    const arns = [
      trailArn(AUDIT, 'S3EncryptionAudit'),
      trailArn(DATA, 'S3EncryptionGuard-Trail'),
      trailArn(KEYS, 'S3EncryptionKeys-Trail'),
    ];
    const statements = resources('S3EncryptionAudit', 'AWS::S3::BucketPolicy').flatMap(statementsOf);
    const admitted = statements.filter(({ Sid }) => Sid === 'AllowCloudTrailWrite');
    expect(admitted.flatMap(({ Condition }) => Condition?.['StringEquals']?.['aws:SourceArn']).sort()).toEqual([...arns].sort());
  });

  test('records the objects of an account in both of its Regions, and of no bucket where there are keys only', () => {
    const selected = (stackName: string) =>
      trailIn(stackName)
        .AdvancedEventSelectors.flatMap(
          ({ FieldSelectors }: { FieldSelectors: { Field: string; StartsWith?: unknown[] }[] }) => FieldSelectors,
        )
        .filter(({ Field }: { Field: string }) => Field === 'resources.ARN')
        .flatMap(({ StartsWith }: { StartsWith: unknown[] }) => StartsWith);
    expect(selected('S3EncryptionGuard-Trail')).toHaveLength(3);
    expect(JSON.stringify(selected('S3EncryptionGuard-Trail'))).toContain('records-222222222222-eu-central-1');
    expect(selected('S3EncryptionKeys-Trail')).toEqual([]);
  });

  test('is told of tampering with the trail of its own account, in each Region', () => {
    const rulesIn = (stackName: string) =>
      JSON.stringify(resources(stackName, 'AWS::Events::Rule').map(({ Properties }) => Properties.EventPattern));
    expect(rulesIn('S3EncryptionKeys-Monitoring')).toContain('S3EncryptionKeys-Trail');
    for (const name of ['S3EncryptionGuard', 'S3EncryptionGuard-Frankfurt']) {
      expect(rulesIn(`${name}-Monitoring`)).toContain('S3EncryptionGuard-Trail');
    }
  });
});

describe('what a trail writes to', () => {
  /** The things in the stack of the trail, by their logical ids, that the rules of another stack hear of. */
  const heardOf = (document: unknown, monitoring: string, trail: string) => {
    // The rule of a schedule has none.
    const patterns = resourcesOf(document)(monitoring, 'AWS::Events::Rule').map(({ Properties }) =>
      JSON.stringify(Properties.EventPattern ?? {}),
    );
    const references = new RegExp(`"StackName":"${trail}"[^}]*"OutputName":"PublishOutput(?:Ref|FnGetAtt)(\\w+?)[0-9A-F]{8}`, 'g');
    return [...new Set(patterns.flatMap((pattern) => [...pattern.matchAll(references)].map(([, thing]) => thing)))].sort();
  };
  const oneAccount = deployed(documentIn('bin/examples/one-account.json'));
  const central = deployed(documentIn('bin/examples/central-audit.json'));

  test('is told of where the trail is: the bucket of its files, its key and its log', () => {
    const all = ['AuditAuditBucket', 'AuditEvents', 'AuditKey'];
    expect(heardOf(oneAccount, 'S3EncryptionGuard-Monitoring', 'S3EncryptionAudit')).toEqual(all);
    expect(heardOf(EVERYTHING, 'EverythingKeys-Monitoring', 'EverythingAudit')).toEqual(all);
    expect(heardOf(EVERYTHING, 'Everything-Monitoring', 'EverythingAudit')).toEqual(all);
  });

  test('is told of where a trail delivers to another account: its log, and the key of that', () => {
    for (const name of ['S3EncryptionGuard', 'S3EncryptionKeys']) {
      expect(heardOf(central, `${name}-Monitoring`, `${name}-Trail`)).toEqual(['AuditEvents', 'AuditKey']);
    }
  });

  test('is not told of in other Regions and accounts, whose rules do not hear of it', () => {
    expect(heardOf(central, 'S3EncryptionGuard-Frankfurt-Monitoring', 'S3EncryptionGuard-Trail')).toEqual([]);
    expect(heardOf(central, 'S3EncryptionGuard-Monitoring', 'S3EncryptionAudit')).toEqual([]);
  });
});

describe('a key that the configuration declares', () => {
  const usesOf = (key: Resource | undefined) =>
    key === undefined ? [] : statementsOf(key).filter(({ Sid }) => Sid?.startsWith('AllowUseThroughS3'));
  const contextOf = ({ Condition }: Statement) => Condition?.['StringLike']?.['kms:EncryptionContext:aws:s3:arn'];

  test('is for the accounts and buckets that name it, and for nothing else', () => {
    const resources = resourcesOf(deployed(documentIn('bin/examples/key-and-data.json')));
    const uses = usesOf(resources('S3EncryptionKeys', 'AWS::KMS::Key')[0]);
    expect(uses.map(({ Principal }) => textOf((Principal as { AWS: unknown }).AWS))).toEqual([`arn:aws:iam::${DATA}:root`]);
    const bucket = 'arn:aws:s3:::exchange-222222222222-eu-west-1';
    expect(uses.map(contextOf)).toEqual([[bucket, `${bucket}/*`]]);
  });

  test('is imported by its ARN into another account, whose enforcer is told of it', () => {
    const document = deployed(documentIn('bin/examples/key-and-data.json'));
    const arn = configOf(document).keys[0]?.keys[0]?.arn;
    const resources = resourcesOf(document);
    const statements = resources('S3EncryptionGuard', 'AWS::IAM::Policy').flatMap(statementsOf);
    expect(statements.find(({ Sid }) => Sid === 'DecryptUnderCrossAccountKeys')?.Resource).toBe(arn);
  });

  test('is referred to in its own account, where it is known without its ARN', () => {
    const resources = resourcesOf(EVERYTHING);
    const [team] = resources('EverythingKeys', 'AWS::KMS::Key');
    expect(usesOf(team).map(contextOf)).toEqual([['arn:aws:s3:::everything-keys', 'arn:aws:s3:::everything-keys/*']]);
    const rules = resources('Everything', 'AWS::SSM::Parameter').map(({ Properties }) => JSON.stringify(Properties.Value));
    expect(rules.filter((rule) => rule.includes('Fn::ImportValue'))).toHaveLength(1);
  });
});

describe('the audit', () => {
  const resources = resourcesOf(deployed(documentIn('bin/examples/central-audit.json')));
  const ofEverything = resourcesOf(EVERYTHING);

  test('lets its auditors ask Athena and read files, by policies of their roles, and nobody else', () => {
    const roles = ofEverything('EverythingAudit', 'AWS::IAM::Policy').filter(
      ({ Properties }) => JSON.stringify(Properties.Roles) === '["Auditor"]',
    );
    const actions = roles.flatMap(statementsOf).flatMap(({ Action }) => Action);
    expect(actions).toEqual(expect.arrayContaining(['athena:StartQueryExecution', 's3:GetObject', 'kms:Decrypt']));
    expect(actions.filter((action) => /Delete|Policy|\*/.test(String(action)))).toEqual([]);
    const withoutAuditors = resourcesOf(deployed(documentIn('bin/examples/one-account.json')));
    expect(JSON.stringify(withoutAuditors('S3EncryptionAudit', 'AWS::IAM::Policy'))).not.toContain('athena:');
  });

  test('asks for unused keys of every account and Region, by their ARNs: those that it makes, those of others, and imported ones', () => {
    const [query] = ofEverything('EverythingAudit', 'AWS::Athena::NamedQuery').filter(
      ({ Properties }) => Properties.Name === 'unused-keys',
    );
    const asked = JSON.stringify(query?.Properties.QueryString);
    expect(asked).toMatch(/"Fn::ImportValue":"EverythingKeys:\w+KeysTeam/);
    expect(asked).toContain('arn:aws:kms:eu-west-1:999999999999:key/mrk-fedcba9876543210fedcba9876543210');
    expect(asked).toContain('arn:aws:kms:eu-central-1:111122223333:key/77777777-2222-3333-4444-555555555555');
  });

  test('in an account of its own is watched there, with its bucket, key and log', () => {
    const rules = JSON.stringify(
      resources('S3EncryptionAudit-Monitoring', 'AWS::Events::Rule').map(({ Properties }) => Properties.EventPattern),
    );
    for (const thing of ['AuditAuditBucket', 'AuditKey', 'AuditEvents']) expect(rules).toContain(`PublishOutputRef${thing}`);
    expect(rules).toContain('"S3EncryptionAudit"');
    const [mail] = resources('S3EncryptionAudit-Monitoring', 'AWS::SNS::Subscription');
    expect(mail?.Properties.Endpoint).toBe('security@example.com');
  });
});

test('a higher quota is asked for in a stack of its own, and only where the configuration says so', () => {
  const types = (document: unknown) => {
    const { stacks } = newStacks(document).app.synth();
    return stacks.flatMap(({ stackName, template }) =>
      Object.values<Resource>(template.Resources).flatMap(({ Type, Properties }) =>
        Type === 'Custom::KmsQuotaIncrease' ? [[stackName, Properties.RequestsPerSecond]] : [],
      ),
    );
  };
  expect(types(EVERYTHING)).toEqual([['Everything-KmsQuota', 20_000]]);
  expect(types(deployed(documentIn('bin/examples/one-account.json')))).toEqual([]);
});
