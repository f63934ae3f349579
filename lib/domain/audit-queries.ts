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
export const KEY_USES: readonly string[] = [
  ...['Decrypt', 'DeriveSharedSecret', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'],
  ...['GenerateDataKeyWithoutPlaintext', 'GenerateMac', 'ReEncrypt', 'Sign', 'Verify', 'VerifyMac'],
];

const list = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

/** Times within five seconds of each other are in the same tick, or in neighbours: so a join finds them by equality, not by comparing all with all. */
const tick = (moment: string) => `CAST(floor(to_unixtime(${moment}) / 5) AS bigint)`;
const aroundIt = (moment: string) => `CROSS JOIN UNNEST(ARRAY[${tick(moment)} - 1, ${tick(moment)}, ${tick(moment)} + 1]) AS u (tick)`;
const AT_THAT_MOMENT = "k.tick = s.tick AND k.moment BETWEEN s.moment - interval '5' second AND s.moment + interval '5' second";

const S3_CALLS = `s3_calls AS (
  SELECT *, ${tick('moment')} AS tick FROM (
    SELECT DISTINCT eventid, eventtime, from_iso8601_timestamp(eventtime) AS moment, useridentity.arn AS principal, eventname AS operation,
      ${request('bucketName')} AS bucket, ${request('key')} AS object_key,
      ${SSE_APPLIED} AS sse_applied, ${KEY_TOLD_BY_S3} AS key_told_by_s3
    FROM ${LOG_TABLE}
    WHERE ${LAST_DAYS} AND eventsource = 's3.amazonaws.com' AND errorcode IS NULL) AS calls
)`;
const KMS_CALLS = `kms_calls AS (
  SELECT from_iso8601_timestamp(eventtime) AS moment, useridentity.arn AS principal, eventname AS operation, element_at(resources, 1).arn AS key_arn,
    substr(${CONTEXT}, strpos(${CONTEXT}, ':::') + 3) AS context
  FROM ${LOG_TABLE}
  WHERE ${LAST_DAYS} AND eventsource = 'kms.amazonaws.com' AND errorcode IS NULL AND ${CONTEXT} IS NOT NULL
)`;

const OBJECT_KEY_USE = `-- Who wrote or read which object, under which key: S3 data events joined with the KMS events that they caused.
-- key_told_by_s3: S3's answer to a write. Reads have none.
-- kms_names 'object': KMS was asked for this very object, within five seconds, by the same principal. Whoever writes can make up the context: see context-mismatch.
-- kms_names 'bucket only': the bucket has an S3 Bucket Key. KMS was asked for the bucket, some time before, and which object is not known:
--   keys_seen_by_kms over 1 means that it may have been another key. Reads of such objects resolve to the bucket, never to the object.
-- kms_names 'none': no KMS event: SSE-S3, SSE-C, or a bucket key that was fetched before the days looked at.
WITH ${S3_CALLS},
used AS (
  SELECT * FROM s3_calls
  WHERE operation IN ('PutObject', 'PostObject', 'CopyObject', 'CompleteMultipartUpload', 'UpdateObjectEncryption', 'GetObject')
),
${KMS_CALLS},
object_keys AS (
  SELECT s.eventid, max(k.key_arn) AS key_arn, count(DISTINCT k.key_arn) AS keys
  FROM used s JOIN (SELECT * FROM kms_calls ${aroundIt('moment')} WHERE strpos(context, '/') > 0) k
    ON k.principal = s.principal AND k.context = s.bucket || '/' || s.object_key AND ${AT_THAT_MOMENT}
  GROUP BY s.eventid
),
-- Seconds in which KMS was asked for a bucket, and those in which S3 was, five later: one row for each, however many calls there are.
seconds AS (
  SELECT DISTINCT principal, context AS bucket, moment AS counts_from, key_arn, moment AS asked_at FROM kms_calls WHERE strpos(context, '/') = 0
  UNION ALL
  SELECT DISTINCT principal, bucket, moment + interval '5' second, CAST(NULL AS varchar), CAST(NULL AS timestamp with time zone) FROM used
),
numbered AS (
  SELECT *, row_number() OVER (PARTITION BY principal, bucket, key_arn ORDER BY counts_from) AS use_of_key FROM seconds
),
bucket_keys AS (
  SELECT principal, bucket, counts_from, asked_at,
    max_by(key_arn, asked_at) OVER (PARTITION BY principal, bucket ORDER BY counts_from) AS key_arn,
    sum(CASE WHEN asked_at IS NOT NULL AND use_of_key = 1 THEN 1 ELSE 0 END) OVER (PARTITION BY principal, bucket ORDER BY counts_from) AS keys
  FROM numbered
)
SELECT s.eventtime, s.principal, s.operation, s.bucket, s.object_key, s.sse_applied, s.key_told_by_s3,
  coalesce(o.key_arn, b.key_arn) AS key_seen_by_kms,
  coalesce(o.keys, b.keys, 0) AS keys_seen_by_kms,
  CASE WHEN o.eventid IS NOT NULL THEN 'object' WHEN b.keys > 0 THEN 'bucket only' ELSE 'none' END AS kms_names
FROM used s
LEFT JOIN object_keys o ON o.eventid = s.eventid
LEFT JOIN bucket_keys b ON b.principal = s.principal AND b.bucket = s.bucket AND b.counts_from = s.moment + interval '5' second AND b.asked_at IS NULL
ORDER BY s.eventtime, s.object_key`;

const CONTEXT_MISMATCH = `-- Writes under a key that KMS was asked for in another name: the client sent an encryption context with an aws:s3:arn of its own, which S3 leaves as it is.
-- Such an object is decrypted under that context ever after, so that the log of KMS tells of reads of an object that nobody read.
-- A row: S3's answer names the key; within five seconds KMS made a data key under it for the same principal, for a bucket or object that the principal did
-- not write at that moment; and it made none for the object that was written, or its bucket.
-- A write to a bucket that is not recorded looks the same where it is under the same key, at the same moment: ask who has that object.
WITH ${S3_CALLS},
${KMS_CALLS},
data_keys AS (
  SELECT DISTINCT moment, principal, key_arn, context, tick FROM kms_calls ${aroundIt('moment')} WHERE operation LIKE 'GenerateDataKey%'
),
-- Writes for which KMS made a data key in the right name.
true_writes AS (
  SELECT DISTINCT s.eventid, k.moment, k.principal, k.key_arn, k.context
  FROM s3_calls s CROSS JOIN UNNEST(ARRAY[s.bucket, s.bucket || '/' || s.object_key]) AS named (context)
  JOIN data_keys k ON k.principal = s.principal AND k.context = named.context AND ${AT_THAT_MOMENT}
  WHERE s.operation NOT LIKE 'Get%' AND s.operation NOT LIKE 'Head%'
),
unexplained AS (
  SELECT k.* FROM data_keys k
  LEFT JOIN true_writes t ON t.moment = k.moment AND t.principal = k.principal AND t.key_arn = k.key_arn AND t.context = k.context
  WHERE t.eventid IS NULL
)
SELECT s.eventtime, s.principal, s.operation, s.bucket, s.object_key, s.key_told_by_s3, k.context AS kms_names_instead, count(DISTINCT k.moment) AS kms_calls
FROM s3_calls s
JOIN unexplained k ON k.principal = s.principal AND k.key_arn = s.key_told_by_s3 AND ${AT_THAT_MOMENT}
LEFT JOIN (SELECT DISTINCT eventid FROM true_writes) t ON t.eventid = s.eventid
WHERE t.eventid IS NULL AND s.operation IN ('PutObject', 'PostObject', 'CopyObject', 'CreateMultipartUpload', 'UpdateObjectEncryption')
GROUP BY s.eventid, s.eventtime, s.principal, s.operation, s.bucket, s.object_key, s.key_told_by_s3, k.context
ORDER BY s.eventtime, s.object_key, kms_names_instead`;

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
  contextMismatch: ['context-mismatch', 'Writes for which KMS was told another bucket or object.'],
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
    asQuery(QUESTIONS.contextMismatch, CONTEXT_MISMATCH),
    asQuery(QUESTIONS.uploadsBySse, UPLOADS_BY_SSE),
    asQuery(QUESTIONS.deniedKmsCalls, DENIED_KMS_CALLS),
    asQuery(QUESTIONS.insecureTransport, INSECURE_TRANSPORT),
    asQuery(QUESTIONS.encryptionChanges, ENCRYPTION_CHANGES),
    asQuery(QUESTIONS.unusedKeys, unusedKeys(keyArns)),
  ];
}
