import { GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import type { EncryptionHeaders } from '../uploads/headers';
import { contextOfHeaders, OVER_HTTPS } from './request-context';
import { literal, type Policy, simulate } from './simulate';

/** What the bucket policy says of one upload on AWS. */
export interface PolicyAnswer {
  readonly answer: 'Allowed' | 'Denied';
  /** Sids of all statements that deny: each of them alone decides. */
  readonly deniedBy: readonly string[];
}

export interface AskedUpload {
  readonly bucket: string;
  readonly key: string;
  readonly headers: EncryptionHeaders;
}

const EVERYTHING_ON_S3: Policy = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'Everything', Effect: 'Allow', Action: 's3:*', Resource: '*' }],
};

/** The policy as it was deployed, with the names that the deployment gave. */
export async function deployedBucketPolicy(bucket: string): Promise<Policy> {
  const { Policy: text } = await new S3Client({ forcePathStyle: true }).send(new GetBucketPolicyCommand({ Bucket: bucket }));
  if (text === undefined) throw new Error(`The engine tells no policy of bucket ${bucket}.`);
  return JSON.parse(text);
}

/**
 * PutObject, CopyObject and CreateMultipartUpload are all asked as `s3:PutObject`, by a role that may do everything on
 * S3: what stops it is the bucket policy.
 */
export async function askBucketPolicy(policy: Policy, { bucket, key, headers }: AskedUpload, account: string): Promise<PolicyAnswer> {
  const decision = await simulate({
    principal: `arn:aws:iam::${account}:role/uploader`,
    action: 's3:PutObject',
    resource: literal(`arn:aws:s3:::${bucket}/${key}`),
    account,
    context: { ...contextOfHeaders(headers), ...OVER_HTTPS },
    identityPolicies: [EVERYTHING_ON_S3],
    resourcePolicy: policy,
  });
  return { answer: decision.allowed ? 'Allowed' : 'Denied', deniedBy: decision.deniedBy };
}
