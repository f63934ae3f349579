import { Annotations, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import * as domain from '../domain/violation-tag-policy';
import { addBucketStatements } from './bucket-statements';
import { cfnBucketOf } from './cfn-bucket';
import { isRoleOrUserArn } from './principal-arn';
import { requireValid } from './require-valid';
import { asStatements } from './required-policy';

/** The ARN of a role that is known by its name alone, without a reference to where it is made. */
export function namedRoleArn(scope: IConstruct, roleName: string): string {
  const { partition, account } = Stack.of(scope);
  return `arn:${partition}:iam::${account}:role/${roleName}`;
}

/** @throws Error where a replication role is no role */
export function violationTagStatements(bucket: s3.IBucket, principals: domain.ViolationTagPrincipals): iam.PolicyStatement[] {
  for (const arn of principals.replicationRoles) {
    requireValid(bucket, isRoleOrUserArn(arn), {
      what: 'replicationRoles are named by their ARNs, without wildcards',
      value: arn,
      remedy: 'Pass for example arn:aws:iam::111122223333:role/replication.',
    });
  }
  return asStatements(domain.violationTagStatements((cfnBucketOf(bucket) ?? { attrArn: bucket.bucketArn }).attrArn, principals));
}

/** Quarantine in place. Of an imported bucket only its owner can do it, which a warning says. */
export function closeTaggedObjects(bucket: s3.IBucket, statements: iam.PolicyStatement[]): void {
  const cfnBucket = cfnBucketOf(bucket);
  if (cfnBucket !== undefined) {
    addBucketStatements(cfnBucket, statements);
    return;
  }
  Annotations.of(bucket).addWarningV2(
    'cdk-s3-encryption-guard:TaggedObjectsOfImportedBucket',
    `${bucket.node.path}: objects of an imported bucket that are tagged as violations stay readable, and their tags open to all, until its owner adds the ` +
      'statements of EncryptionEnforcer.violationTagStatements() to its policy. Have that done, then acknowledge this warning.',
  );
}
