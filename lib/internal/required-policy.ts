import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { type BucketPolicyOptions, MinimumTlsVersion } from '../bucket-policy-options';
import { encryptionStatements, transportStatements } from '../domain/bucket-policy';
import { configurationStatement } from '../domain/configuration-policy';
import type { EncryptionDeclaration } from '../domain/declaration';
import type { PolicyStatementJson } from '../domain/policy-statement';
import { cfnBucketOf, notificationsOf } from './cfn-bucket';
import { deployingRoleArn } from './deploying-role';
import { requirePolicySize } from './policy-size';
import { isRoleOrUserArn, partitionOf } from './principal-arn';
import { faultMessage, requireValid } from './require-valid';

/**
 * The statements of a guarded bucket.
 *
 * @throws Error where an option is not understood, or S3 would not take as much
 */
export function policyStatements(
  bucket: IConstruct,
  bucketArn: string,
  declaration: EncryptionDeclaration,
  options: BucketPolicyOptions = {},
): iam.PolicyStatement[] {
  const statements = [
    ...transportStatements(bucketArn, tlsVersion(bucket, options.minimumTlsVersion)),
    ...encryptionStatements(declaration, bucketArn),
    ...configurationStatements(bucket, bucketArn, options.configurationAdmins),
  ];
  requirePolicySize(bucket, statements);
  return asStatements(statements);
}

export function asStatements(statements: readonly object[]): iam.PolicyStatement[] {
  return statements.map((statement) => iam.PolicyStatement.fromJson(statement));
}

/** Readable where all is known, else a token for the template. */
export function policyJson(scope: IConstruct, statements: iam.PolicyStatement[]): string {
  return documentJson(
    scope,
    statements.map((statement) => statement.toStatementJson()),
  );
}

export function documentJson(scope: IConstruct, statements: readonly object[]): string {
  const document = { Version: '2012-10-17', Statement: statements };
  const stack = Stack.of(scope);
  const resolved = stack.resolve(document);
  const isKnown = JSON.stringify(resolved) === JSON.stringify(document);
  return isKnown ? JSON.stringify(document, undefined, 2) : stack.toJsonString(document, 2);
}

function tlsVersion(bucket: IConstruct, version: MinimumTlsVersion = MinimumTlsVersion.TLS_1_2): number {
  requireValid(bucket, Object.values(MinimumTlsVersion).includes(version), {
    what: 'minimumTlsVersion is none that S3 policies are written for',
    value: version,
    remedy: `Use one of MinimumTlsVersion.${Object.keys(MinimumTlsVersion).join(', MinimumTlsVersion.')}.`,
  });
  if (version === MinimumTlsVersion.TLS_1_3) {
    const fault = {
      what: 'TLS 1.3 is demanded, which AWS PrivateLink for S3 and Multi-Region Access Points do not offer: their clients are locked out',
      value: version,
      remedy: 'Use MinimumTlsVersion.TLS_1_2, or acknowledge this warning if there are no such clients.',
    };
    Annotations.of(bucket).addWarningV2('cdk-s3-encryption-guard:MinimumTls13', faultMessage(bucket, fault));
  }
  return Number(version);
}

/** @throws Error for what names no role or user, and where the role that deploys the bucket is not known */
export function configurationStatements(bucket: IConstruct, bucketArn: string, admins: string[] | undefined): PolicyStatementJson[] {
  if (admins === undefined) return [];
  requireValid(bucket, Array.isArray(admins) && admins.length > 0, {
    what: 'configurationAdmins is no list of at least one ARN: besides the deploying role, nobody could mend a bucket that is broken',
    value: admins,
    remedy: 'Name at least one role, or leave it out.',
  });
  for (const arn of admins) {
    requireValid(bucket, isRoleOrUserArn(arn, partitionOf(bucket)), {
      what: 'configurationAdmins are roles and users, each by its ARN without wildcards',
      value: arn,
      remedy: 'Pass for example arn:aws:iam::111122223333:role/storage-admin, not the ARN of a session, an account or a service.',
    });
  }
  // Who deploys an imported bucket is its owner's knowledge.
  const cfnBucket = cfnBucketOf(bucket);
  const deployers = cfnBucket === undefined ? [] : [deployingRoleArn(bucket, 'configurationAdmins')];
  if (cfnBucket !== undefined) refuseNotificationResource(cfnBucket);
  return [configurationStatement(bucketArn, [...new Set([...admins, ...deployers])])];
}

/** The custom resource of the L2 puts notifications by a role of its own, after the policy is there, and would be refused by it. */
function refuseNotificationResource(bucket: s3.CfnBucket): void {
  const fault = {
    what: 'configurationAdmins would refuse the custom resource with which the bucket puts its notifications, and the deployment would fail',
    value: 'addEventNotification() or eventBridgeEnabled',
    remedy: 'Use EventBridge rules, which need neither: an enforcer switches EventBridge on by the native property.',
  };
  bucket.node.addValidation({ validate: () => (notificationsOf(bucket) === undefined ? [] : [faultMessage(bucket, fault)]) });
}
