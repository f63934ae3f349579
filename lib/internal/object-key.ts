import type { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { denyGrantsStatement } from '../domain/key-policy';

/** A customer managed key for objects in S3: it rotates, and is used by IAM policies rather than by grants. */
export function createObjectKey(scope: Construct, description: string, removalPolicy: RemovalPolicy): kms.Key {
  const key = new kms.Key(scope, 'Key', { description, enableKeyRotation: true, removalPolicy });
  key.addToResourcePolicy(iam.PolicyStatement.fromJson(denyGrantsStatement()));
  return key;
}
