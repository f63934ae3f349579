import { LOG_TABLE } from './audit-log-table';

/** A question about the log, as Athena or CloudWatch Logs Insights takes it. */
export interface AuditQuery {
  readonly name: string;
  /** What it answers, in one sentence. */
  readonly description: string;
  readonly text: string;
}

const since = (days: number) => `day >= date_format(current_date - interval '${days}' day, '%Y/%m/%d')`;
/** Files arrive within minutes; a week is what people look back on first. They change the number where they need more. */
const LAST_DAYS = since(7);

const request = (field: string) => `json_extract_scalar(requestparameters, '$["${field}"]')`;
const KEY_TOLD_BY_S3 = `json_extract_scalar(responseelements, '$["x-amz-server-side-encryption-aws-kms-key-id"]')`;
const SSE_APPLIED = `json_extract_scalar(additionaleventdata, '$["SSEApplied"]')`;
/** `bucket` with an S3 Bucket Key, `bucket/key` without: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html */
const CONTEXT = `json_extract_scalar(requestparameters, '$["encryptionContext"]["aws:s3:arn"]')`;

/** Operations that use a key, as CloudTrail prints them. */
const KEY_USES = [
  ...['Decrypt', 'DeriveSharedSecret', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'],
  ...['GenerateDataKeyWithoutPlaintext', 'GenerateMac', 'ReEncrypt', 'Sign', 'Verify', 'VerifyMac'],
];

const list = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

const OBJECT_KEY_USE = `-- Who wrote or read which object, under which key: S3 data events joined with the KMS events that they caused.
-- key_told_by_s3: S3's answer to a write. Reads have none.
-- kms_names 'object': KMS was asked for this very object, within five seconds, by the same principal.
-- kms_names 'bucket only': the bucket has an S3 Bucket Key. KMS was asked for the bucket, some time before, and which object is not known:
--   keys_seen_by_kms over 1 means that it may have been another key. Reads of such objects resolve to the bucket, never to the object.
-- kms_names 'none': no KMS event: SSE-S3, SSE-C, or a bucket key that was fetched before the days looked at.
WITH s3_calls AS (
  SELECT eventid, eventtime, from_iso8601_timestamp(eventtime) AS moment, useridentity.arn AS principal, eventname AS operation,
    ${request('bucketName')} AS bucket, ${request('key')} AS object_key,
    ${SSE_APPLIED} AS sse_applied, ${KEY_TOLD_BY_S3} AS key_told_by_s3
  FROM ${LOG_TABLE}
  WHERE ${LAST_DAYS} AND eventsource = 's3.amazonaws.com' AND errorcode IS NULL
    AND eventname IN ('PutObject', 'PostObject', 'CopyObject', 'CompleteMultipartUpload', 'UpdateObjectEncryption', 'GetObject')
),
kms_calls AS (
  SELECT from_iso8601_timestamp(eventtime) AS moment, useridentity.arn AS principal, element_at(resources, 1).arn AS key_arn,
    substr(${CONTEXT}, strpos(${CONTEXT}, ':::') + 3) AS context
  FROM ${LOG_TABLE}
  WHERE ${LAST_DAYS} AND eventsource = 'kms.amazonaws.com' AND errorcode IS NULL AND ${CONTEXT} IS NOT NULL
)
SELECT s.eventtime, s.principal, s.operation, s.bucket, s.object_key, s.sse_applied, s.key_told_by_s3,
  coalesce(max(CASE WHEN k.context <> s.bucket THEN k.key_arn END), max_by(k.key_arn, k.moment)) AS key_seen_by_kms,
  count(DISTINCT k.key_arn) AS keys_seen_by_kms,
  CASE WHEN max(CASE WHEN k.context <> s.bucket THEN 1 END) = 1 THEN 'object'
    WHEN count(k.context) > 0 THEN 'bucket only' ELSE 'none' END AS kms_names
FROM s3_calls s
LEFT JOIN kms_calls k ON k.principal = s.principal AND (
  (k.context = s.bucket || '/' || s.object_key AND k.moment BETWEEN s.moment - interval '5' second AND s.moment + interval '5' second)
  OR (k.context = s.bucket AND k.moment <= s.moment + interval '5' second))
GROUP BY s.eventid, s.eventtime, s.principal, s.operation, s.bucket, s.object_key, s.sse_applied, s.key_told_by_s3
ORDER BY s.eventtime, s.object_key`;

const UPLOADS_BY_SSE = `-- How objects were encrypted, and whether the client asked for it or the bucket's default did it (Default_...).
-- Of a multipart upload the event that creates it says so; parts and completion do not.
SELECT ${request('bucketName')} AS bucket, ${SSE_APPLIED} AS sse_applied, ${KEY_TOLD_BY_S3} AS key_told_by_s3,
  count(*) AS uploads, count(DISTINCT useridentity.arn) AS principals, min(eventtime) AS first_at, max(eventtime) AS last_at
FROM ${LOG_TABLE}
WHERE ${LAST_DAYS} AND eventsource = 's3.amazonaws.com' AND errorcode IS NULL AND readonly = 'false' AND ${SSE_APPLIED} IS NOT NULL
GROUP BY 1, 2, 3
ORDER BY bucket, sse_applied, key_told_by_s3`;

const DENIED_KMS_CALLS = `-- KMS calls that were refused. Of a caller in another account only that account's trail has the refusal, so no row is no proof.
SELECT eventtime, recipientaccountid AS account, awsregion, useridentity.arn AS principal, useridentity.invokedby AS invoked_by, eventname AS operation,
  coalesce(element_at(resources, 1).arn, ${request('keyId')}) AS kms_key, ${CONTEXT} AS context, errorcode, errormessage
FROM ${LOG_TABLE}
WHERE ${LAST_DAYS} AND eventsource = 'kms.amazonaws.com' AND errorcode IN ('AccessDenied', 'AccessDeniedException')
ORDER BY eventtime, principal`;

const INSECURE_TRANSPORT = `-- Requests to S3 and KMS over plain HTTP, or TLS before 1.2; also those that were refused, as errorcode tells.
-- CloudTrail has no field for HTTP: such requests have neither TLS version nor cipher suite. Calls that AWS services make are left out, since they often
-- have none either. A row 'no TLS recorded' is a reason to look at the S3 server access logs, which say it for certain.
SELECT eventtime, eventsource, eventname AS operation, useridentity.arn AS principal, sourceipaddress, ${request('bucketName')} AS bucket,
  coalesce(tlsdetails.tlsversion, 'no TLS recorded') AS transport, errorcode
FROM ${LOG_TABLE}
WHERE ${LAST_DAYS} AND eventsource IN ('s3.amazonaws.com', 'kms.amazonaws.com') AND eventtype = 'AwsApiCall'
  AND useridentity.invokedby IS NULL AND coalesce(useridentity.type, '') <> 'AWSService'
  AND (tlsdetails.tlsversion IN ('SSLv3', 'TLSv1', 'TLSv1.0', 'TLSv1.1')
    OR (tlsdetails.tlsversion IS NULL AND tlsdetails.ciphersuite IS NULL
      AND json_extract_scalar(additionaleventdata, '$["CipherSuite"]') IS NULL))
ORDER BY eventtime, principal`;

const ENCRYPTION_CHANGES = `-- Objects that were re-keyed in place, and buckets whose default encryption was changed, or was tried to be (errorcode).
-- Re-keying is a data event: it is there for the buckets of this trail only.
SELECT eventtime, recipientaccountid AS account, awsregion, useridentity.arn AS principal, eventname AS operation,
  ${request('bucketName')} AS bucket, ${request('key')} AS object_key, requestparameters AS request, errorcode
FROM ${LOG_TABLE}
WHERE ${LAST_DAYS} AND eventsource = 's3.amazonaws.com'
  AND eventname IN ('UpdateObjectEncryption', 'PutBucketEncryption', 'DeleteBucketEncryption')
ORDER BY eventtime, principal`;

function unusedKeys(keyArns: readonly string[]): string {
  const given = keyArns.map((arn) => `\n  UNION SELECT '${arn}'`).join('');
  return `-- Keys that nobody used for 90 days: those that the trail was told of, and those that the log has seen at all.
-- It reads all that is kept. The answer is right only where first_record_at is 90 days ago or more; a key that is not used may still be needed, by
-- objects that nobody has read. Ask KMS as well (GetKeyLastUsage) before a key is disabled.
WITH records AS (
  SELECT u.key_arn, l.eventtime, l.eventname, l.errorcode
  FROM ${LOG_TABLE} l CROSS JOIN UNNEST(ARRAY[element_at(l.resources, 1).arn, element_at(l.resources, 2).arn]) AS u (key_arn)
  WHERE l.eventsource = 'kms.amazonaws.com'
),
known_keys AS (
  SELECT DISTINCT key_arn FROM records WHERE key_arn LIKE 'arn:%:kms:%:key/%'${given}
),
uses AS (
  SELECT key_arn, max(eventtime) AS last_use FROM records
  WHERE errorcode IS NULL AND eventname IN (${list(KEY_USES)})
  GROUP BY key_arn
)
SELECT known_keys.key_arn, uses.last_use, (SELECT min(eventtime) FROM records) AS first_record_at
FROM known_keys LEFT JOIN uses ON uses.key_arn = known_keys.key_arn
WHERE uses.last_use IS NULL OR from_iso8601_timestamp(uses.last_use) < current_timestamp - interval '90' day
ORDER BY known_keys.key_arn`;
}

export const QUESTIONS = {
  objectKeyUse: ['object-key-use', 'Who wrote or read which object, under which key.'],
  uploadsBySse: ['uploads-by-sse-applied', 'How uploads were encrypted, and whether by request or by default.'],
  deniedKmsCalls: ['denied-kms-calls', 'Who was refused the use of a key.'],
  insecureTransport: ['insecure-transport', 'Requests to S3 and KMS over HTTP, or TLS before 1.2.'],
  encryptionChanges: ['encryption-changes', 'Objects re-keyed in place, and default encryption of buckets changed.'],
  unusedKeys: ['unused-keys', 'Keys that nobody used for 90 days.'],
} as const;

export function asQuery([name, description]: readonly [string, string], text: string): AuditQuery {
  return { name, description, text };
}

/**
 * For Athena, engine version 3.
 *
 * @param keyArns - of which it is asked whether they are used, besides those that the log has seen
 */
export function athenaQueries(keyArns: readonly string[]): AuditQuery[] {
  return [
    asQuery(QUESTIONS.objectKeyUse, OBJECT_KEY_USE),
    asQuery(QUESTIONS.uploadsBySse, UPLOADS_BY_SSE),
    asQuery(QUESTIONS.deniedKmsCalls, DENIED_KMS_CALLS),
    asQuery(QUESTIONS.insecureTransport, INSECURE_TRANSPORT),
    asQuery(QUESTIONS.encryptionChanges, ENCRYPTION_CHANGES),
    asQuery(QUESTIONS.unusedKeys, unusedKeys(keyArns)),
  ];
}
