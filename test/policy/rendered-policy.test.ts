import type { CfnElement } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { EncryptedBucket, MinimumTlsVersion, ObjectEncryption } from '../../lib';
import { encryptionStatements, transportStatements } from '../../lib/domain/bucket-policy';
import { configurationStatement } from '../../lib/domain/configuration-policy';
import type { EncryptionDeclaration } from '../../lib/domain/declaration';
import type { PolicyStatementJson } from '../../lib/domain/policy-statement';
import { OWNER_ACCOUNT, RIGHT_KEY, SECOND_KEY } from '../domain/sample-keys';
import { BUCKET_ARN } from '../support/policy-simulator';
import { newStack, statementsOf, textOf } from '../support/stacks';

/** What stands in a template is what the truth table is about, with the names of resources filled in. */
const PLAIN = { headersRequired: false, prefixRules: [], exemptions: [] } as const;
const ADMIN = `arn:aws:iam::${OWNER_ACCOUNT}:role/storage-admin`;
const UNTIL = '2027-03-31T00:00:00Z';
const DEPLOYER = `arn:aws:iam::${OWNER_ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-${OWNER_ACCOUNT}-eu-west-1`;

interface Example {
  readonly name: string;
  readonly encryption: (right: kms.IKey, second: kms.IKey) => ObjectEncryption;
  readonly declaration: EncryptionDeclaration;
}

const EXAMPLES: readonly Example[] = [
  {
    name: 'SSE-S3',
    encryption: () => ObjectEncryption.sseS3(),
    declaration: { ...PLAIN, accepted: [{ scheme: 'SSE-S3' }] },
  },
  {
    name: 'SSE-KMS under two keys, strict',
    encryption: (right, second) => ObjectEncryption.sseKms(right, second).strict(),
    declaration: { ...PLAIN, headersRequired: true, accepted: [{ scheme: 'SSE-KMS', keyArns: [RIGHT_KEY, SECOND_KEY] }] },
  },
  {
    name: 'DSSE-KMS, with rules, an exemption and SSE-C beside',
    encryption: (right, second) =>
      ObjectEncryption.dsseKms(right)
        .underPrefix('stars*/', ObjectEncryption.sseS3())
        .underPrefix('customer/', ObjectEncryption.sseC().alsoAccept(ObjectEncryption.sseKms(second)))
        .exempt({ prefix: 'vendor/', principalArns: [ADMIN], until: '2027-03-31', reason: 'migration' }),
    declaration: {
      headersRequired: false,
      accepted: [{ scheme: 'DSSE-KMS', keyArns: [RIGHT_KEY] }],
      prefixRules: [
        { prefix: 'customer/', accepted: [{ scheme: 'SSE-C' }, { scheme: 'SSE-KMS', keyArns: [SECOND_KEY] }] },
        { prefix: 'stars*/', accepted: [{ scheme: 'SSE-S3' }] },
      ],
      exemptions: [{ prefix: 'vendor/', principalArns: [ADMIN], until: UNTIL, reason: 'migration' }],
    },
  },
];

describe.each(EXAMPLES)('an EncryptedBucket with $name', ({ encryption, declaration }) => {
  test('has in its template the statements of the truth table, and its deploying role is an administrator', () => {
    const stack = newStack();
    const right = kms.Key.fromKeyArn(stack, 'Right', RIGHT_KEY);
    const second = kms.Key.fromKeyArn(stack, 'Second', SECOND_KEY);
    const { bucket } = new EncryptedBucket(stack, 'Records', {
      encryption: encryption(right, second),
      minimumTlsVersion: MinimumTlsVersion.TLS_1_2,
      configurationAdmins: [ADMIN],
    });
    const known = { [`${stack.getLogicalId(bucket.node.defaultChild as CfnElement)}.Arn`]: BUCKET_ARN };
    const rendered = withNames(statementsOf(stack, bucket), known) as PolicyStatementJson[];
    const expected = [
      ...transportStatements(BUCKET_ARN, 1.2),
      ...encryptionStatements(declaration, BUCKET_ARN),
      configurationStatement(BUCKET_ARN, [ADMIN, DEPLOYER]),
    ];
    const sids = expected.map(({ Sid }) => Sid);
    expect(rendered.filter(({ Sid }) => sids.includes(Sid)).map(listed)).toEqual(expected.map(listed));
    // Besides these, there is the tag of the enforcer, and nothing that allows.
    const others = rendered.filter(({ Sid }) => !sids.includes(Sid));
    expect(others.map(({ Sid, Effect }) => [Sid, Effect])).toEqual(
      ['DenyReadsOfTaggedObjects', 'DenyTaggingOfTaggedObjects', 'DenyViolationTagByOthers', 'DenyReplicatedTagsByOthers'].map((sid) => [
        sid,
        'Deny',
      ]),
    );
  });
});

/** References and joins become text. */
function withNames(value: unknown, known: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((each) => withNames(each, known));
  if (typeof value !== 'object' || value === null) return value;
  const [name = ''] = Object.keys(value);
  if (name === 'Ref' || name.startsWith('Fn::')) return textOf(value, known);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withNames(inner, known)]));
}

/** In a template, a list of one is that one. */
function listed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.length === 1 ? value[0] : value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, listed(inner)]));
}
