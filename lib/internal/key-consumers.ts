import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { KeyConsumers } from '../domain/key-policy';
import { partitionOf } from './principal-arn';
import { requireValid } from './require-valid';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; a `*` at the end, after three characters. */
const BUCKET_ARN = /^arn:([^:]+):s3:::[a-z0-9][a-z0-9.-]{2,62}\*?$/;
/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;

/** For a word that CloudFormation fills in. */
const STAND_IN = 'token';

/** What somebody wrote of the consumers of a key. */
export interface ConsumerProps {
  readonly bucketArns: string[];
  readonly consumerAccounts?: string[] | undefined;
  readonly organizationId?: string | undefined;
}

/** @throws Error where nobody is let in, nothing is bound, or something is no account, organization or bucket */
export function keyConsumersOf(key: IConstruct, { bucketArns, consumerAccounts = [], organizationId }: ConsumerProps): KeyConsumers {
  requireValid(key, Array.isArray(consumerAccounts) && (consumerAccounts.length > 0 || organizationId !== undefined), {
    what: 'a CrossAccountKey that nobody may use',
    value: consumerAccounts,
    remedy: 'Name consumerAccounts, or an organizationId.',
  });
  for (const account of consumerAccounts) requireAccount(key, account);
  requireValid(key, organizationId === undefined || isKnownAs(organizationId, ORGANIZATION_ID), {
    what: 'organizationId is not the id of an organization',
    value: organizationId,
    remedy: 'Pass it as AWS Organizations prints it, for example o-a1b2c3d4e5.',
  });
  requireBuckets(key, bucketArns);
  return { accounts: [...new Set(consumerAccounts)], organizationId, bucketArns: [...new Set(bucketArns)] };
}

export function requireAccount(scope: IConstruct, account: string): void {
  requireValid(scope, isKnownAs(account, /^\d{12}$/), {
    what: 'an account is named by something that is not its id',
    value: account,
    remedy: "Pass the 12 digits, as a text: '111122223333'.",
  });
}

function requireBuckets(key: IConstruct, bucketArns: string[]): void {
  requireValid(key, Array.isArray(bucketArns) && bucketArns.length > 0, {
    what: 'a CrossAccountKey that is bound to no bucket',
    value: bucketArns,
    remedy: 'Name the ARNs of the buckets that it is for.',
  });
  const partition = partitionOf(key);
  for (const arn of bucketArns) {
    requireValid(key, !waitsForResource(key, arn), {
      what: 'the ARN of a bucket is known only once the bucket is there, and a bucket under this key waits for the key',
      value: arn,
      remedy: 'Give the bucket a name, and write its ARN with that name.',
    });
    requireValid(key, isBucketArn(arn, partition), {
      what: 'buckets are named by their ARNs, without objects',
      value: arn,
      remedy: `Pass for example arn:${partition ?? 'aws'}:s3:::records; a * may stand at its end, for all names that begin so.`,
    });
  }
}

/** Of pseudo parameters, such as the partition, what stands around them is looked at: a `*` behind one is a `*`. */
function isBucketArn(arn: string, partition: string | undefined): boolean {
  const text = String(arn).replace(/\$\{Token\[[^\]]*\]\}/g, STAND_IN);
  if (Token.isUnresolved(arn) && text === STAND_IN) return true;
  const [, given] = BUCKET_ARN.exec(text) ?? [];
  return given !== undefined && (partition === undefined || [partition, STAND_IN].includes(given));
}

/** Of pseudo parameters, such as the partition, nobody has to wait for. */
function waitsForResource(scope: IConstruct, text: string): boolean {
  if (!Token.isUnresolved(text)) return false;
  return /"Fn::GetAtt"|"Ref":"(?!AWS::)/.test(JSON.stringify(Stack.of(scope).resolve(text)));
}

function isKnownAs(text: unknown, pattern: RegExp): boolean {
  return typeof text === 'string' && (Token.isUnresolved(text) || pattern.test(text));
}
