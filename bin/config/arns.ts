import { ID, text } from './readers';

/** ARNs that a configuration names. Whether their Region and partition are the stack's is for arn-faults.ts. */

const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export const keyArn = text(KEY_ARN, {
  must: 'must be the full ARN of a KMS key, never of an alias',
  remedy: 'Take it from `aws kms describe-key`: arn:aws:kms:<Region>:<account>:key/<key id>.',
});

/** A key as buckets name it. */
export const keyName = text(new RegExp(`${KEY_ARN.source}|${ID.source}`), {
  must: 'must be the full ARN of a KMS key, never of an alias, or the id of one that is declared in keys',
  remedy: 'Take the ARN from `aws kms describe-key`: arn:aws:kms:<Region>:<account>:key/<key id>.',
});

export const keyId = text(ID, {
  must: 'must begin with a capital letter, have no others than letters and digits, 64 at most, and be neither Default nor Resource',
  remedy: 'Keep it once deployed: another id is another key.',
});

export const roleArn = text(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, {
  must: 'must be the ARN of an IAM role',
  remedy: 'Take it from `aws iam get-role`: arn:aws:iam::<account>:role/<name>.',
});

/** A policy compares the ARN of the role itself, which that of a session is not. */
export const principalArn = text(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/, {
  must: 'must be the ARN of an IAM role or user, not of a session, an account or a service',
  remedy: 'Take it from `aws iam get-role`: arn:aws:iam::<account>:role/<name>.',
});

export const topicArn = text(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, {
  must: 'must be the ARN of a standard SNS topic',
  remedy: 'Take it from `aws sns list-topics`, or leave it out for a new topic.',
});
