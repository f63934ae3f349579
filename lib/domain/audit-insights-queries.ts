import { type AuditQuery, asQuery, KEY_USES, QUESTIONS } from './audit-queries';

/**
 * The same questions for CloudWatch Logs Insights: an answer within seconds of CloudTrail's delivery, over as long as the log group keeps events. It does
 * not join, so that the use of keys stands beside the use of objects, not in one row. Names with other signs than letters, digits, dots, and
 * underscores stand in backticks.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export function insightsQueries(): AuditQuery[] {
  return [
    asQuery(QUESTIONS.objectKeyUse, OBJECT_KEY_USE),
    asQuery(QUESTIONS.contextMismatch, UNEXPLAINED_CONTEXTS),
    asQuery(QUESTIONS.uploadsBySse, UPLOADS_BY_SSE),
    asQuery(QUESTIONS.deniedKmsCalls, DENIED_KMS_CALLS),
    asQuery(QUESTIONS.insecureTransport, INSECURE_TRANSPORT),
    asQuery(QUESTIONS.encryptionChanges, ENCRYPTION_CHANGES),
    asQuery(QUESTIONS.unusedKeys, LAST_USES),
  ];
}

const CONTEXT = '`requestParameters.encryptionContext.aws:s3:arn`';
const KEY_TOLD_BY_S3 = '`responseElements.x-amz-server-side-encryption-aws-kms-key-id`';

const OBJECT_KEY_USE = `# Writes and reads of objects, and KMS calls for them, in one list by time: a call stands beside the request that caused it.
# With an S3 Bucket Key the context of KMS is the bucket, and says nothing of the object.
fields @timestamp, userIdentity.arn, eventName, requestParameters.bucketName, requestParameters.key, ${KEY_TOLD_BY_S3}, resources.0.ARN, ${CONTEXT}
| filter (eventSource = "s3.amazonaws.com" and eventName in ["PutObject", "PostObject", "CopyObject", "CompleteMultipartUpload", "UpdateObjectEncryption", "GetObject"])
  or (eventSource = "kms.amazonaws.com" and ispresent(${CONTEXT}))
| filter not ispresent(errorCode)
| sort @timestamp desc
| limit 1000`;

const UNEXPLAINED_CONTEXTS = `# Objects for which KMS made data keys, and which no call of the principal to S3 was about in the same five minutes: either of a bucket that is not recorded,
# or named by a client in an encryption context of its own. Athena's question shows the write beside it.
fields coalesce(${CONTEXT}, resources.0.ARN) as object
| filter (eventSource = "s3.amazonaws.com" and ispresent(requestParameters.key))
  or (eventSource = "kms.amazonaws.com" and eventName like "GenerateDataKey" and ispresent(${CONTEXT}))
| filter not ispresent(errorCode) and object like "/"
| stats count(*) as events, count(${CONTEXT}) as dataKeys by bin(5m), userIdentity.arn, object
| filter events = dataKeys
| sort dataKeys desc
| limit 1000`;

const UPLOADS_BY_SSE = `filter eventSource = "s3.amazonaws.com" and ispresent(additionalEventData.SSEApplied) and not ispresent(errorCode)
| stats count(*) as uploads, count_distinct(userIdentity.arn) as principals
  by requestParameters.bucketName, additionalEventData.SSEApplied, ${KEY_TOLD_BY_S3}
| sort uploads desc`;

const DENIED_KMS_CALLS = `# A caller of another account is not here: only that account's trail has the refusal.
fields @timestamp, userIdentity.arn, userIdentity.invokedBy, eventName, resources.0.ARN, requestParameters.keyId, ${CONTEXT}, errorMessage
| filter eventSource = "kms.amazonaws.com" and errorCode in ["AccessDenied", "AccessDeniedException"]
| sort @timestamp desc
| limit 1000`;

const INSECURE_TRANSPORT = `# Without TLS version and cipher suite it was HTTP, as far as CloudTrail tells; the S3 server access logs say it for certain.
fields @timestamp, eventSource, eventName, userIdentity.arn, sourceIPAddress, requestParameters.bucketName, tlsDetails.tlsVersion, errorCode
| filter eventSource in ["s3.amazonaws.com", "kms.amazonaws.com"] and eventType = "AwsApiCall"
| filter not ispresent(userIdentity.invokedBy) and userIdentity.type != "AWSService"
| filter tlsDetails.tlsVersion in ["SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1"]
  or (not ispresent(tlsDetails.tlsVersion) and not ispresent(tlsDetails.cipherSuite) and not ispresent(additionalEventData.CipherSuite))
| sort @timestamp desc
| limit 1000`;

const ENCRYPTION_CHANGES = `fields @timestamp, userIdentity.arn, eventName, requestParameters.bucketName, requestParameters.key, errorCode
| filter eventSource = "s3.amazonaws.com" and eventName in ["UpdateObjectEncryption", "PutBucketEncryption", "DeleteBucketEncryption"]
| sort @timestamp desc
| limit 1000`;

const LAST_USES = `# The last use of each key that was used within the time looked at: ask over 90 days or more. Keys that are not here were not used.
filter eventSource = "kms.amazonaws.com" and not ispresent(errorCode)
| filter eventName in [${KEY_USES.map((name) => `"${name}"`).join(', ')}]
| stats max(@timestamp) as lastUse, count(*) as uses by resources.0.ARN
| sort lastUse asc`;
