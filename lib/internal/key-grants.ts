import { Annotations, Resource, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { consumerStatements, type KeyStatementJson, type KeyUse, useStatement } from '../domain/key-policy';
import { homeOf, knownArnOf, requireTrustedAccount, requireTrustedBucket, trustOf } from './key-trust';
import { partitionIn } from './principal-arn';
import { type Fault, faultMessage, requireValid } from './require-valid';
import { asStatements } from './required-policy';
import { areDifferent, isKnown } from './same-home';

/**
 * Lets somebody use keys through S3, for what lies in the bucket: by the IAM policy, and where that is not enough, by the policy of the key.
 * The grants of the CDK are wider: they bind no key to S3 or to a bucket, and name every resource where the grantee is of another account.
 */
export function grantKeyUse(bucket: s3.IBucket, keys: readonly kms.IKey[], grantee: iam.IGrantable, use: KeyUse): iam.Grant {
  const principal = grantee.grantPrincipal;
  requireAccountPrincipal(bucket, principal);
  for (const key of keys) requireUsable(bucket, key, principal, use);
  const statement = identityStatement(bucket, keys, principal, use);
  const grant = iam.Grant.addToPrincipal({
    grantee,
    actions: [...statement.Action],
    resourceArns: [...statement.Resource],
    conditions: statement.Condition,
  });
  for (const key of keys) consent(bucket, key, principal, use, grant.success);
  return grant;
}

/** The grantee's half. */
export function identityStatement(bucket: s3.IBucket, keys: readonly kms.IKey[], principal: iam.IPrincipal, use: KeyUse): KeyStatementJson {
  const arns = [...new Set(keys.map((key) => arnSeenBy(principal, key)))];
  return useStatement(use, arns, bucket.env.region, [knownArnOf(bucket, bucket.bucketArn)]);
}

/** @throws Error for services, and for everybody: whom a role stands behind is known, whom a service acts for is not */
export function requireAccountPrincipal(bucket: s3.IBucket, principal: iam.IPrincipal): void {
  const json = principalJsonOf(principal);
  const isOfAccounts = json === undefined || (Object.keys(json).join() === 'AWS' && !json['AWS']?.includes('*'));
  requireValid(bucket, isOfAccounts, {
    what: 'objects and keys are granted to roles, users, groups and accounts',
    value: json && Stack.of(bucket).resolve(Object.values(json).flat()),
    remedy: 'Give a service a role; or write its statements, with aws:SourceArn, into the policies of bucket and key.',
  });
}

/** Of another account, and not made in this app, so that its policies are somebody else's. */
export function isForeign(principal: iam.IPrincipal, account: string): boolean {
  const isOwned = Construct.isConstruct(principal) && Resource.isOwnedResource(principal);
  return !isOwned && areDifferent(accountOf(principal), account);
}

function requireUsable(bucket: s3.IBucket, key: kms.IKey, principal: iam.IPrincipal, use: KeyUse): void {
  requireTrustedBucket(bucket, key);
  requireTrustedAccount(bucket, key, { account: accountOf(principal) ?? bucket.env.account, region: bucket.env.region });
  requireValid(bucket, use !== 'update-object-encryption' || !areDifferent(homeOf(key).account, bucket.env.account), {
    what: "UpdateObjectEncryption takes keys of the bucket's own account only, and would be refused with this one",
    value: homeOf(key).account,
    remedy: 'Copy the objects onto themselves instead, which takes KeyUse.READ and KeyUse.WRITE.',
  });
}

/** The other half: what the key policy says. */
function consent(bucket: s3.IBucket, key: kms.IKey, principal: iam.IPrincipal, use: KeyUse, byIdentity: boolean): void {
  // Its policy has been written, and compared above.
  if (trustOf(key) !== undefined) return;
  const isElsewhere = areDifferent(accountOf(principal), homeOf(key).account);
  const isEnough = !isElsewhere && byIdentity && isLeftToIam(key);
  if (!isEnough && letIn(bucket, key, principal, use, isElsewhere || !byIdentity)) return;
  if (isElsewhere || mayBeElsewhere(key, principal)) warnOfOwner(bucket, key, accountOf(principal));
}

/**
 * Adds to the policy of the key.
 *
 * @param byName - whether the policy says who; else it leaves that to IAM
 * @returns whether it is a policy of this app
 */
function letIn(bucket: s3.IBucket, key: kms.IKey, principal: iam.IPrincipal, use: KeyUse, byName: boolean): boolean {
  // The bucket waits for its key, so the key cannot wait for the name of the bucket. Without one it is for S3 all the same.
  const bucketArn = knownArnOf(bucket, `arn:${partitionIn(bucket)}:s3:::*`);
  const json = useStatement(use, ['*'], bucket.env.region, [bucketArn]);
  const [statement] = asStatements([json]) as [iam.PolicyStatement];
  // Within the account the IAM policies say who. To name roles of other stacks would make these wait for each other.
  statement.addPrincipals(byName ? principal : new iam.AccountPrincipal(Stack.of(key).account));
  return key.addToResourcePolicy(statement, true).statementAdded;
}

/** Of a key that exists the account is known, while a stack for whatever account may be deployed to another. */
function mayBeElsewhere(key: kms.IKey, principal: iam.IPrincipal): boolean {
  return !Resource.isOwnedResource(key) && isKnown(homeOf(key).account) && !isKnown(accountOf(principal));
}

/** Whether IAM decides who may use a key, as the CDK takes it to be with all but `Key.fromCfnKey()`. The L2 keeps it to itself. */
function isLeftToIam(key: kms.IKey): boolean {
  return Reflect.get(key, 'trustAccountIdentities') === true;
}

function warnOfOwner(bucket: s3.IBucket, key: kms.IKey, account: string | undefined): void {
  const home = { ...homeOf(key), partition: partitionIn(bucket) };
  const accounts = [isKnown(account) ? account : '<account of the grantee>'];
  const statements = consumerStatements(home, { accounts, bucketArns: [knownArnOf(bucket, bucket.bucketArn)] });
  const perhaps = isKnown(account) ? '' : `if the grantee is not of account ${home.account}, `;
  warn(bucket, 'OwnerOfKey', {
    what: `${perhaps}the owner of the imported key, account ${home.account}, has to add to its policy ${textOf(bucket, statements)}`,
    value: key.keyArn,
    remedy: 'Have that done, then acknowledge this warning. SharedKey.ownerPolicyJson() gives the statements to hand over.',
  });
}

/** Who is granted something, and whose policies are not made here. */
export function warnOfForeignGrantee(bucket: s3.IBucket, principal: iam.IPrincipal, statements: readonly object[]): void {
  warn(bucket, 'ForeignGrantee', {
    what: `the account of the grantee has to allow it as well, in the IAM policies of the grantee: ${textOf(bucket, statements)}`,
    value: accountOf(principal),
    remedy: 'Have that done, then acknowledge this warning.',
  });
}

function textOf(scope: s3.IBucket, statements: readonly object[]): string {
  return JSON.stringify(Stack.of(scope).resolve(statements));
}

function warn(bucket: s3.IBucket, id: string, fault: Fault): void {
  Annotations.of(bucket).addWarningV2(`cdk-s3-encryption-guard:${id}`, faultMessage(bucket, fault));
}

/** Where the grantee's stack cannot know the ARN: a key has no name, and is known in its own account and Region only. */
function arnSeenBy(principal: iam.IPrincipal, key: kms.IKey): string {
  if (!Token.isUnresolved(key.keyArn) || !Construct.isConstruct(principal)) return key.keyArn;
  const [here, there] = [Stack.of(principal), homeOf(key)];
  const isElsewhere = areDifferent(here.account, there.account) || areDifferent(here.region, there.region);
  // Any key of that account and Region, which the conditions narrow as those of `throughS3()`: to S3, and objects of the bucket.
  return isElsewhere ? here.formatArn({ service: 'kms', ...there, resource: 'key', resourceName: '*' }) : key.keyArn;
}

export function accountOf(principal: iam.IPrincipal): string | undefined {
  const [arn] = principalJsonOf(principal)?.['AWS'] ?? [];
  return principal.principalAccount ?? (arn === undefined || Token.isUnresolved(arn) ? undefined : arn.split(':')[4]);
}

/** A managed policy is a grantee, too, and has none. */
function principalJsonOf(principal: iam.IPrincipal): Record<string, string[]> | undefined {
  try {
    return principal.policyFragment.principalJson;
  } catch {
    return undefined;
  }
}
