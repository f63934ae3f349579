import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as domain from '../domain/violation-tag-policy';
import { addBucketStatements } from './bucket-statements';
import { cfnBucketOf } from './cfn-bucket';
import { Memory } from './memory';
import { isRoleOrUserArn, partitionOf } from './principal-arn';
import { faultMessage, requireValid } from './require-valid';
import { asStatements } from './required-policy';
import { templateProperties } from './template-properties';

/**
 * The ARN of a role that is known by its name alone, without a reference to where it is made. Fails the synthesis if something gives the
 * role another name or a path: policies that name it would lock it out.
 */
export function namedRoleArn(role: iam.Role, roleName: string): string {
  const stack = Stack.of(role);
  if (named.of(role) === undefined) {
    named.set(role, true);
    role.node.addValidation({ validate: () => (hasName(role, roleName) ? [] : [faultMessage(role, renamed(roleName))]) });
  }
  return `arn:${stack.partition}:iam::${stack.account}:role/${roleName}`;
}

const named = new Memory<true>('named-role');

function hasName(role: iam.Role, roleName: string): boolean {
  const resource = role.node.defaultChild;
  if (!(resource instanceof iam.CfnRole)) return false;
  const { Path: path = '/', RoleName: name } = templateProperties(resource);
  return path === '/' && JSON.stringify(name) === JSON.stringify(Stack.of(role).resolve(roleName));
}

function renamed(roleName: string) {
  return {
    what: 'the role of the enforcer was given another name or a path, and the bucket policies that name it would lock it out',
    value: roleName,
    remedy: 'Leave this role out of what renames roles (aspects, overrides, Role.customizeRoles()).',
  };
}

/** @throws Error where a replication role is no role */
export function violationTagStatements(bucket: s3.IBucket, principals: domain.ViolationTagPrincipals): iam.PolicyStatement[] {
  for (const arn of principals.replicationRoles) {
    requireValid(bucket, isRoleOrUserArn(arn, partitionOf(bucket)), {
      what: 'replicationRoles are named by their ARNs, without wildcards',
      value: arn,
      remedy: 'Pass for example arn:aws:iam::111122223333:role/replication.',
    });
  }
  return asStatements(domain.violationTagStatements(cfnBucketOf(bucket)?.attrArn ?? bucket.bucketArn, principals));
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
