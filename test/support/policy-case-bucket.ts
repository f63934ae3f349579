import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { type ClientSideFormat, type ClientSideOptions, MinimumTlsVersion, mixins, ObjectEncryption } from '../../lib';
import { violationTagStatements } from '../../lib/domain/violation-tag-policy';
import { RIGHT_KEY, SECOND_KEY } from '../domain/sample-keys';
import { REQUESTERS } from './policy-principals';
import { BUCKET_ARN } from './policy-simulator';
import { newStack } from './stacks';

/** The bucket of a case file, in the words of the public API. */
export interface CaseBucket {
  readonly encryption: CaseEncryption;
  readonly strict?: boolean;
  readonly underPrefix?: Readonly<Record<string, CaseEncryption>>;
  readonly exempt?: readonly { readonly prefix?: string; readonly principals?: readonly string[]; readonly until: string }[];
  readonly minimumTlsVersion?: keyof typeof MinimumTlsVersion;
  readonly configurationAdmins?: readonly string[];
  readonly violationTag?: { readonly enforcer: string; readonly readers: readonly string[]; readonly replicationRoles: readonly string[] };
}

export interface CaseEncryption {
  readonly scheme: 'SSE-S3' | 'SSE-KMS' | 'DSSE-KMS' | 'SSE-C' | 'client-side';
  readonly keys?: readonly (keyof typeof KEYS)[];
  /** Beneath client-side encryption. */
  readonly serverSide?: CaseEncryption;
  readonly format?: `${ClientSideFormat}`;
  readonly instructionFileSuffix?: string;
  readonly alsoAccept?: readonly CaseEncryption[];
}

const KEYS = { right: RIGHT_KEY, second: SECOND_KEY } as const;

/** A statement as it stands in a template. */
export interface RenderedStatement {
  readonly Sid: string;
  readonly Effect: 'Deny';
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly NotResource?: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What the library renders of it, with everything known. */
export function renderedStatements(caseBucket: CaseBucket): RenderedStatement[] {
  const { minimumTlsVersion, configurationAdmins, violationTag } = caseBucket;
  const bucket = s3.Bucket.fromBucketArn(newStack(), 'Guarded', BUCKET_ARN);
  const rendered = mixins.RequireEncryption.policyStatements(bucket, objectEncryption(caseBucket, bucket), {
    ...(minimumTlsVersion && { minimumTlsVersion: MinimumTlsVersion[minimumTlsVersion] }),
    ...(configurationAdmins && { configurationAdmins: configurationAdmins.map(arnOf) }),
  }).map((statement) => statement.toStatementJson());
  const tagged = violationTag
    ? violationTagStatements(BUCKET_ARN, {
        enforcer: arnOf(violationTag.enforcer),
        readers: violationTag.readers.map(arnOf),
        replicationRoles: violationTag.replicationRoles.map(arnOf),
      })
    : [];
  return JSON.parse(JSON.stringify([...rendered, ...tagged]));
}

function objectEncryption({ encryption, strict, underPrefix = {}, exempt = [] }: CaseBucket, scope: s3.IBucket): ObjectEncryption {
  const keys = Object.fromEntries(Object.entries(KEYS).map(([name, arn]) => [name, kms.Key.fromKeyArn(scope, name, arn)]));
  const whole = encryptionOf(encryption, keys);
  const ruled = Object.entries(underPrefix).reduce((value, [prefix, rule]) => value.underPrefix(prefix, encryptionOf(rule, keys)), whole);
  const exempted = exempt.reduce(
    (value, { prefix, principals, until }) =>
      value.exempt({ prefix, principalArns: principals?.map(arnOf), until, reason: 'agreed with the owner of the data' }),
    ruled,
  );
  return strict ? exempted.strict() : exempted;
}

function encryptionOf({ alsoAccept = [], ...encryption }: CaseEncryption, keys: Readonly<Record<string, kms.IKey>>): ObjectEncryption {
  const value = plainEncryptionOf(encryption, keys);
  return alsoAccept.length > 0 ? value.alsoAccept(...alsoAccept.map((other) => encryptionOf(other, keys))) : value;
}

function plainEncryptionOf(
  { scheme, keys: names = [], serverSide, ...envelope }: CaseEncryption,
  keys: Readonly<Record<string, kms.IKey>>,
): ObjectEncryption {
  const named = names.flatMap((name) => keys[name] ?? []);
  switch (scheme) {
    case 'SSE-S3':
      return ObjectEncryption.sseS3();
    case 'SSE-KMS':
      return ObjectEncryption.sseKms(...named);
    case 'DSSE-KMS':
      return ObjectEncryption.dsseKms(...named);
    case 'SSE-C':
      return ObjectEncryption.sseC();
    case 'client-side':
      return ObjectEncryption.clientSide({
        ...(envelope as Pick<ClientSideOptions, 'format' | 'instructionFileSuffix'>),
        ...(serverSide && { serverSide: encryptionOf(serverSide, keys) }),
      });
  }
}

/** @throws Error for a word that means nobody, or somebody without an ARN */
function arnOf(name: string): string {
  const arn = REQUESTERS[name]?.context['aws:PrincipalArn'];
  if (typeof arn !== 'string') throw new Error(`no ARN of: ${name}`);
  return arn;
}
