import { ARCHIVING, instructionFileStatements } from './archive-policy';
import { defaultIsAccepted, type EncryptionDeclaration, type Exemption } from './declaration';
import { type PolicyRegion, type RegionalDenial, regionsOf, statementsFor } from './policy-region';
import { denyStatement, exceptBy, type PolicyCondition, type PolicyStatementJson } from './policy-statement';
import { defaultEncryptionFor, factsOf, needsContent, requiredKeyArns, serverSideOf } from './requirement';

/**
 * The deny statements of a guarded bucket, as JSON: what S3 refuses before an object exists.
 *
 * Default-friendly: a wrong header is denied, no header falls to the bucket's default encryption. That needs
 * `StringNotEquals` together with `Null: false`; `StringNotEqualsIfExists` would deny requests without the header too
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 *
 * Where headers are demanded (strict, or the bucket's default is not accepted under a prefix), parts of a multipart upload
 * cannot send them. AWS publishes such denies without an exception for parts, so S3 is taken to evaluate what was said when the
 * upload was created. [Assumption: not seen on AWS.]
 */
const SSE_HEADER = 's3:x-amz-server-side-encryption';
const KEY_HEADER = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const CUSTOMER_KEY_HEADER = 's3:x-amz-server-side-encryption-customer-algorithm';

/** Uploads, parts, POST forms and copies are all `s3:PutObject`; replicas are not. */
const WRITES = ['s3:PutObject', 's3:ReplicateObject'] as const;
/** Re-keys an object in place, without an S3 event: https://docs.aws.amazon.com/AmazonS3/latest/userguide/update-sse-encryption.html */
const REKEY = 's3:UpdateObjectEncryption';

const CUSTOMER_KEYS = { actions: WRITES, condition: { Null: { [CUSTOMER_KEY_HEADER]: 'false' } } } as const;

/** What each statement is for; a Sid is one of these names, and where that is a part of the bucket, which. */
export const STATEMENT_MEANINGS = {
  DenyInsecureTransport: 'Plain HTTP, for everything.',
  DenyOldTlsVersions: 'TLS before the minimum version, for everything.',
  DenyCustomerProvidedKeys: 'SSE-C, where it is not accepted.',
  RequireCustomerProvidedKeys: 'Uploads without SSE-C headers, where nothing else is accepted.',
  DenyWrongEncryption: 'An `x-amz-server-side-encryption` header with a value that is not accepted.',
  DenyMissingEncryption: 'Uploads without encryption headers, where the default of the bucket is not accepted.',
  RequireEncryptionHeaders: 'Strict: uploads without encryption headers, except by AWS services.',
  DenyWrongKey: 'A KMS key that is not accepted, also by UpdateObjectEncryption.',
  DenyWrongKeyForSseKms: 'SSE-KMS under a key that is accepted for DSSE-KMS only, or not at all.',
  DenyWrongKeyForDsseKms: 'DSSE-KMS under a key that is accepted for SSE-KMS only, or not at all.',
  RequireAcceptedKey: 'Whatever does not name an accepted KMS key, where nothing else is accepted and the default of the bucket is not.',
  DenyKmsWithoutKey: 'KMS encryption without a key: S3 would take the AWS managed key `aws/s3`, not the default of the bucket.',
  DenyRekeyWithoutKey: 'UpdateObjectEncryption that names no key.',
  DenyArchivedObjects: 'Uploads into GLACIER or DEEP_ARCHIVE, where what is accepted can only be verified by reading the object.',
  DenyArchivedInstructionFiles:
    'Instruction files into GLACIER or DEEP_ARCHIVE: they hold the envelopes of other objects. No exemption lets them in.',
  DenyInstructionFilesUnderCustomerKeys:
    'SSE-C for instruction files, where it is accepted for other objects: the enforcer could not read them.',
  DenyUpdateObjectEncryption: 'UpdateObjectEncryption to a key that is not accepted; to any, where no SSE-KMS key is.',
} as const;

type Meaning = keyof typeof STATEMENT_MEANINGS;

interface Clause extends RegionalDenial {
  readonly sid: Meaning;
}

/** Plain HTTP and old TLS are denied for the bucket and its objects. */
export function transportStatements(bucketArn: string, minimumTlsVersion: number): PolicyStatementJson[] {
  const everything = { Resource: [bucketArn, `${bucketArn}/*`] };
  const all = (sid: Meaning, condition: PolicyCondition) => denyStatement({ sid, actions: ['s3:*'], condition }, everything);
  return [
    // The value is the string "false", alone in its statement: Control Tower's rule CT.S3.PR.8 wants exactly that.
    all('DenyInsecureTransport', { Bool: { 'aws:SecureTransport': 'false' } }),
    all('DenyOldTlsVersions', { NumericLessThan: { 's3:TlsVersion': minimumTlsVersion } }),
  ];
}

/** Encryption other than declared is denied on every way to write an object. */
export function encryptionStatements(declaration: EncryptionDeclaration, bucketArn: string): PolicyStatementJson[] {
  return [
    ...statementsFor(bucketArn, regionsOf(declaration), (region) => denialsIn(region, declaration)),
    ...instructionFileStatements(declaration, bucketArn, CUSTOMER_KEYS),
  ];
}

function denialsIn(region: PolicyRegion, declaration: EncryptionDeclaration): RegionalDenial[] {
  const writes = writesIn(region, declaration);
  const { accepted, exemption } = region;
  const customerKeys: Clause = { sid: 'DenyCustomerProvidedKeys', ...CUSTOMER_KEYS };
  const archived: Clause = { sid: 'DenyArchivedObjects', ...ARCHIVING };
  const suspended = [
    ...headerClauses(writes),
    ...keyClauses(writes, exemption !== undefined),
    ...(needsContent(accepted) ? [archived] : []),
  ];
  return [
    ...(writes.customerKeys ? [] : [customerKeys]),
    ...suspended.flatMap((clause) => exempting(clause, exemption)),
    ...rekeyClauses(writes, exemption !== undefined),
  ];
}

/** What uploads to a part of the bucket may say. */
interface AcceptedWrites {
  readonly customerKeys: boolean;
  /** Values of the header. */
  readonly algorithms: readonly string[];
  /** Accepted key ARNs by algorithm; only of those that use KMS keys. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
  /** Whether they may say nothing. */
  readonly withoutHeaders: 'accepted' | 'from services' | 'denied';
  /** The KMS key that S3 takes if they say nothing. */
  readonly defaultKey: string | undefined;
}

function writesIn({ accepted }: PolicyRegion, declaration: EncryptionDeclaration): AcceptedWrites {
  const serverSide = accepted.map(serverSideOf);
  const keys = new Map<string, string[]>();
  const algorithms = new Set<string>();
  for (const requirement of serverSide.filter((each) => !factsOf(each).customerProvidedKeys)) {
    const { defaultEncryption, usesKmsKeys } = factsOf(requirement);
    algorithms.add(defaultEncryption);
    if (!usesKmsKeys) continue;
    const known = keys.get(defaultEncryption) ?? [];
    keys.set(defaultEncryption, [...new Set([...known, ...requiredKeyArns(requirement)])]);
  }
  const byDefault = declaration.headersRequired ? 'from services' : 'accepted';
  return {
    customerKeys: serverSide.some((each) => factsOf(each).customerProvidedKeys),
    algorithms: [...algorithms],
    keys,
    withoutHeaders: defaultIsAccepted(declaration, accepted) ? byDefault : 'denied',
    defaultKey: defaultEncryptionFor(declaration.accepted[0]).keyArn,
  };
}

function headerClauses(writes: AcceptedWrites): Clause[] {
  const { customerKeys, algorithms, withoutHeaders } = writes;
  const clauses: Clause[] = [wrongAlgorithm(algorithms)];
  const neither = { Null: { [SSE_HEADER]: 'true', ...(customerKeys && { [CUSTOMER_KEY_HEADER]: 'true' }) } };
  if (algorithms.length === 0) {
    clauses.push({ sid: 'RequireCustomerProvidedKeys', actions: WRITES, condition: { Null: { [CUSTOMER_KEY_HEADER]: 'true' } } });
  } else if (withoutHeaders === 'denied' && !mustNameKey(writes)) {
    clauses.push({ sid: 'DenyMissingEncryption', actions: WRITES, condition: neither });
  } else if (withoutHeaders === 'from services') {
    const condition = { ...neither, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } };
    clauses.push({ sid: 'RequireEncryptionHeaders', actions: WRITES, condition });
  }
  return clauses;
}

function wrongAlgorithm(algorithms: readonly string[]): Clause {
  const present = { Null: { [SSE_HEADER]: 'false' } };
  // An SSE-C upload carries no x-amz-server-side-encryption header, so where only that is accepted, any value is wrong.
  const condition = algorithms.length === 0 ? present : { StringNotEquals: { [SSE_HEADER]: algorithms }, ...present };
  return { sid: 'DenyWrongEncryption', actions: WRITES, condition };
}

function keyClauses(writes: AcceptedWrites, isExempt: boolean): Clause[] {
  const { keys } = writes;
  if (keys.size === 0) return [];
  const common = commonKeys(writes);
  const actions = common !== undefined && rekeysWithWrites(writes, isExempt) ? [...WRITES, REKEY] : WRITES;
  // Without a key id S3 takes the AWS managed key aws/s3, not the bucket's default key:
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
  const condition = { StringEquals: { [SSE_HEADER]: [...keys.keys()] }, Null: { [KEY_HEADER]: 'true' } };
  const withoutKey: Clause = { sid: 'DenyKmsWithoutKey', actions: WRITES, condition };
  if (common !== undefined && mustNameKey(writes)) {
    const named: Clause = { sid: 'RequireAcceptedKey', actions, condition: { StringNotEquals: { [KEY_HEADER]: common } } };
    return [named, { ...withoutKey, implied: true }];
  }
  if (common !== undefined) return [{ sid: 'DenyWrongKey', actions, condition: wrongKey(common) }, withoutKey];
  const perAlgorithm = [...keys].map(
    ([algorithm, accepted]): Clause => ({
      sid: algorithm === 'aws:kms' ? 'DenyWrongKeyForSseKms' : 'DenyWrongKeyForDsseKms',
      actions: WRITES,
      condition: { StringEquals: { [SSE_HEADER]: algorithm }, ...wrongKey(accepted) },
    }),
  );
  return [...perAlgorithm, withoutKey];
}

function wrongKey(accepted: readonly string[]) {
  return { StringNotEquals: { [KEY_HEADER]: accepted }, Null: { [KEY_HEADER]: 'false' } };
}

/** The keys that are accepted, if they are the same for SSE-KMS and DSSE-KMS, or only one of these is accepted. */
function commonKeys({ keys }: AcceptedWrites): readonly string[] | undefined {
  const [first, second] = [...keys.values()];
  const sorted = (keyArns: readonly string[] | undefined) => JSON.stringify([...(keyArns ?? [])].sort());
  return second === undefined || sorted(first) === sorted(second) ? first : undefined;
}

/**
 * Where an upload is right only if it names an accepted key, one short condition says it all. Not if the default key is accepted: the
 * condition may compare the key that S3 takes, and then an upload that says nothing would pass with the wrong algorithm.
 */
function mustNameKey(writes: AcceptedWrites): boolean {
  const { customerKeys, algorithms, keys, withoutHeaders, defaultKey } = writes;
  const common = commonKeys(writes);
  if (withoutHeaders !== 'denied' || customerKeys || algorithms.length !== keys.size || common === undefined) return false;
  return defaultKey === undefined || !common.includes(defaultKey);
}

/** Re-keying is never exempt, so it shares a statement with writes, which saves a list of keys, only where they are not. */
function rekeysWithWrites({ keys }: AcceptedWrites, isExempt: boolean): boolean {
  return keys.has('aws:kms') && !isExempt;
}

/**
 * UpdateObjectEncryption can only end at SSE-KMS, under a key that the request must name by its full ARN. So it is
 * denied unless it names an accepted key, and altogether where SSE-KMS is not accepted.
 */
function rekeyClauses(writes: AcceptedWrites, isExempt: boolean): Clause[] {
  const accepted = writes.keys.get('aws:kms');
  if (accepted === undefined) return [{ sid: 'DenyUpdateObjectEncryption', actions: [REKEY] }];
  if (rekeysWithWrites(writes, isExempt) && commonKeys(writes) !== undefined) {
    const withoutKey: Clause = { sid: 'DenyRekeyWithoutKey', actions: [REKEY], condition: { Null: { [KEY_HEADER]: 'true' } } };
    return [mustNameKey(writes) ? { ...withoutKey, implied: true } : withoutKey];
  }
  return [{ sid: 'DenyUpdateObjectEncryption', actions: [REKEY], condition: { StringNotEquals: { [KEY_HEADER]: accepted } } }];
}

/** An exemption ends by itself, without a deployment. Outside it, and for others, the denial stands. */
function exempting(clause: Clause, exemption: Exemption | undefined): RegionalDenial[] {
  if (exemption === undefined) return [clause];
  const { until, principalArns } = exemption;
  const afterwards = { DateGreaterThanEquals: { 'aws:CurrentTime': until } };
  const ended = { ...clause, sid: `${clause.sid}OnceExemptionEnds`, condition: { ...clause.condition, ...afterwards } };
  if (principalArns.length === 0) return [ended];
  return [ended, { ...clause, sid: `${clause.sid}UnlessExempt`, condition: { ...clause.condition, ...exceptBy(principalArns) } }];
}
