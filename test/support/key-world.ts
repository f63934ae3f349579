import { type App, type CfnElement, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { inContext } from '../../demo/policy/encryption-context';
import { type Policy, simulate } from '../../demo/policy/simulate';
import {
  CrossAccountKey,
  type CrossAccountKeyProps,
  EncryptedBucket,
  EncryptionEnforcer,
  KeyUse,
  ObjectEncryption,
  SharedKey,
} from '../../lib';
import { onlyResourceOf, resourcesOf, textOf } from './stacks';

export const KEY_ACCOUNT = '111111111111';
export const DATA_ACCOUNT = '222222222222';
export const REGION = 'eu-west-1';
export const KEY_ARN = `arn:aws:kms:${REGION}:${KEY_ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

export const stackIn = (app: App, id: string, account: string, region = REGION) => new Stack(app, id, { env: { account, region } });

/** One who asks, with what its IAM policies say. */
export interface Asker {
  readonly account: string;
  readonly policies: readonly Policy[];
  readonly organization?: string;
}

/** What S3, or somebody by hand, asks of KMS. */
export interface KeyRequest {
  readonly action: string;
  readonly context: Readonly<Record<string, string>>;
  /** `aws:s3:arn` of the encryption context. */
  readonly encryptionContext?: string | undefined;
}

const mayDo = (action: string): Policy => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
export const EVERYTHING = [mayDo('*')];
export const ONLY_S3 = [mayDo('s3:*')];

/** The roles of a stack, each with its rendered policies, by the id of the role. */
export function rolesOf(stack: Stack, roles: Readonly<Record<string, iam.IRole>>): Record<string, readonly Policy[]> {
  const policies = resourcesOf(stack, 'AWS::IAM::Policy').map(({ Properties }) => Properties);
  return Object.fromEntries(
    Object.entries(roles).map(([name, role]) => {
      const id = stack.getLogicalId(role.node.defaultChild as CfnElement);
      const own = policies.filter(({ Roles }) => Roles.some(({ Ref }: { Ref: string }) => Ref === id));
      return [name, own.map(({ PolicyDocument }) => asText(PolicyDocument))];
    }),
  );
}

export function keyPolicyOf(stack: Stack): Policy {
  return asText(onlyResourceOf(stack, 'AWS::KMS::Key').Properties.KeyPolicy);
}

/** References as the text that they become. The guarded bucket is the only one whose ARN a statement on the key waits for. */
function asText(document: unknown): Policy {
  const replaced = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    const [[name] = ['']] = Object.entries(value);
    if (name === 'Ref' || name.startsWith('Fn::')) {
      const text = textOf(value, { 'AWS::Partition': 'aws' }).replace(/\$\{RecordsBucket\w+\.Arn\}/, 'arn:aws:s3:::records');
      // The simulator takes what is no ARN, and a policy variable, for anything.
      return /^\$\{[\w.]+\}$/.test(text) ? `arn:aws:unresolved:::${text.slice(2, -1)}` : text.replaceAll('${', 'unresolved-{');
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaced(inner)]));
  };
  return replaced(document) as Policy;
}

/** Both halves: the policies of who asks, and that of the key. */
export async function mayUse(keyPolicy: Policy, { account, policies, organization }: Asker, request: KeyRequest): Promise<boolean> {
  const { allowed } = await simulate({
    principal: `arn:aws:iam::${account}:role/asker`,
    action: request.action,
    resource: KEY_ARN,
    account: KEY_ACCOUNT,
    context: { 'kms:CallerAccount': account, ...(organization && { 'aws:PrincipalOrgID': organization }), ...request.context },
    identityPolicies: policies.map((policy) => inContext(policy, request.encryptionContext)),
    resourcePolicy: inContext(keyPolicy, request.encryptionContext),
  });
  return allowed;
}

/** The data account of the table, with all who use a key of another account there. */
export function dataAccount(app: App, owner: CrossAccountKey): Record<string, readonly Policy[]> {
  const stack = stackIn(app, 'Data', DATA_ACCOUNT);
  const shared = SharedKey.fromKeyArn(stack, 'Key', KEY_ARN, { owner });
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer', { crossAccountKeys: [shared.key] });
  const bucket = new EncryptedBucket(stack, 'Records', {
    bucketName: 'records',
    encryption: ObjectEncryption.sseKms(shared.key),
    enforcer,
  });
  const [writer, reader, replicator] = ['Writer', 'Reader', 'Replicator'].map((id) => roleIn(stack, id)) as [iam.Role, iam.Role, iam.Role];
  bucket.grantWrite(writer);
  bucket.grantRead(reader);
  shared.grantUse(replicator, KeyUse.REPLICATE_TO, bucket.bucket);
  return rolesOf(stack, { writer, reader, replicator, enforcer: enforcer.node.findChild('Role') as iam.Role });
}

/** The key account of the second table, which uses its key itself. */
export function keyAccountAsConsumer(app: App, props: Omit<CrossAccountKeyProps, 'bucketArns'>) {
  const stack = stackIn(app, 'Keys', KEY_ACCOUNT);
  const owner = new CrossAccountKey(stack, 'Key', { bucketArns: ['arn:aws:s3:::records'], ...props });
  const bucket = s3.Bucket.fromBucketName(stack, 'Records', 'records');
  const shared = SharedKey.fromKeyArn(stack, 'Shared', KEY_ARN, { owner });
  const [writer, rekeyer] = ['Writer', 'Rekeyer'].map((id) => roleIn(stack, id)) as [iam.Role, iam.Role];
  shared.grantUse(writer, KeyUse.WRITE, bucket);
  shared.grantUse(rekeyer, KeyUse.UPDATE_OBJECT_ENCRYPTION, bucket);
  return { stack, roles: rolesOf(stack, { writer, rekeyer }) };
}

export function roleIn(stack: Stack, id: string): iam.Role {
  return new iam.Role(stack, id, { assumedBy: new iam.AccountRootPrincipal() });
}
