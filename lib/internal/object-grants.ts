import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { ObjectEncryption } from '../object-encryption';
import { grantKeyUse, identityStatement, isForeign, requireAccountPrincipal, warnOfForeignGrantee } from './key-grants';

/**
 * What reading and writing objects takes of S3, and no more. Whoever reads a version by its id needs the second action, also where the
 * bucket has no versions; without listing, S3 answers 403 instead of 404 for an object that is not there. What is written in parts
 * is authorised as PutObject: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
const ACTIONS = {
  read: { onObjects: ['s3:GetObject', 's3:GetObjectVersion'], onBucket: ['s3:ListBucket', 's3:ListBucketVersions'] },
  write: {
    onObjects: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
    onBucket: ['s3:ListBucketMultipartUploads'],
  },
} as const;

/** Lets somebody read or write the objects of a bucket, under every key that is accepted somewhere in it. */
export function grantObjects(bucket: s3.Bucket, encryption: ObjectEncryption, grantee: iam.IGrantable, use: 'read' | 'write'): iam.Grant {
  const principal = grantee.grantPrincipal;
  requireAccountPrincipal(bucket, principal);
  const keys = keysOf(encryption);
  const grants = statementsOn(bucket, use).map(({ actions, resourceArns }) =>
    iam.Grant.addToPrincipalOrResource({ grantee, actions, resourceArns, resource: bucket }),
  );
  if (keys.length > 0) grants.push(grantKeyUse(bucket, keys, grantee, use));
  if (isForeign(principal, bucket.env.account)) {
    const onBucket = statementsOn(bucket, use).map(({ actions, resourceArns }) => ({
      Effect: 'Allow',
      Action: actions,
      Resource: resourceArns,
    }));
    const onKeys = keys.length > 0 ? [identityStatement(bucket, keys, principal, use)] : [];
    warnOfForeignGrantee(bucket, principal, [...onBucket, ...onKeys]);
  }
  return grants.reduce((all, grant) => all.combine(grant));
}

function statementsOn(bucket: s3.Bucket, use: 'read' | 'write') {
  const { onObjects, onBucket } = ACTIONS[use];
  return [
    { actions: [...onObjects], resourceArns: [bucket.arnForObjects('*')] },
    { actions: [...onBucket], resourceArns: [bucket.bucketArn] },
  ];
}

/** All keys that an object may be encrypted under: those of what is accepted beside, beneath, and under prefixes, too. */
export function keysOf({ _parts: { keys, serverSide, others, prefixes } }: ObjectEncryption): kms.IKey[] {
  const parts = [...(serverSide ? [serverSide] : []), ...others, ...prefixes.map(({ encryption }) => encryption)];
  return [...new Set([...keys, ...parts.flatMap(keysOf)])];
}
