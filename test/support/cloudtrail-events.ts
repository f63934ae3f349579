/**
 * CloudTrail records in the shape of AWS's published samples:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html
 * https://docs.aws.amazon.com/kms/latest/developerguide/ct-generatedatakey.html
 */
export interface CloudTrailRecord {
  readonly eventVersion: string;
  readonly userIdentity: Readonly<Record<string, unknown>>;
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly responseElements: Readonly<Record<string, unknown>> | null;
  readonly additionalEventData?: Readonly<Record<string, unknown>>;
  readonly requestID: string;
  readonly eventID: string;
  readonly readOnly: boolean;
  readonly resources?: readonly Readonly<Record<string, string>>[];
  readonly eventType: string;
  readonly managementEvent: boolean;
  readonly recipientAccountId: string;
  readonly eventCategory: 'Management' | 'Data';
  readonly tlsDetails?: Readonly<Record<string, string>>;
}

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
export const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
export const OTHER_KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/0987dcba-09fe-87dc-65ba-ab0987654321`;
export const WRITER = `arn:aws:sts::${ACCOUNT}:assumed-role/writer/app`;
export const READER = `arn:aws:sts::${ACCOUNT}:assumed-role/reader/app`;

const TLS = { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' };

export interface Request {
  readonly at: string;
  readonly name: string;
  /** @default WRITER */
  readonly by?: string;
  /** Changes to the record. */
  readonly record?: Partial<CloudTrailRecord>;
}

let count = 0;

function record({ at, name, by = WRITER, record: changes = {} }: Request, source: 's3' | 'kms'): CloudTrailRecord {
  count += 1;
  const id = String(count).padStart(12, '0');
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:app',
      arn: by,
      accountId: ACCOUNT,
      accessKeyId: 'ASIAEXAMPLE',
      sessionContext: {
        sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/${by.split('/')[1]}`, accountId: ACCOUNT },
        attributes: { creationDate: at, mfaAuthenticated: 'false' },
      },
    },
    eventTime: at,
    eventSource: `${source}.amazonaws.com`,
    eventName: name,
    awsRegion: REGION,
    sourceIPAddress: '192.0.2.10',
    userAgent: '[aws-sdk-js/3.1169.0]',
    requestParameters: null,
    responseElements: null,
    requestID: `EXAMPLE${id}`,
    eventID: `cdc4b7ed-e171-4cef-975a-${id}`,
    readOnly: name.startsWith('Get'),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    ...changes,
  };
}

export interface ObjectRequest extends Request {
  readonly bucket: string;
  readonly key: string;
  /** As S3 says how it encrypted: `SSE_KMS`, `Default_SSE_KMS`, … */
  readonly sseApplied?: string;
  /** The key in S3's answer. */
  readonly kmsKey?: string;
  /** False: over HTTP. */
  readonly tls?: boolean | string;
}

/** A data event: a request for one object. */
export function objectEvent({ bucket, key, sseApplied, kmsKey, tls = true, ...request }: ObjectRequest): CloudTrailRecord {
  const host = `${bucket}.s3.${REGION}.amazonaws.com`;
  const tlsDetails = { ...TLS, ...(typeof tls === 'string' && { tlsVersion: tls }), clientProvidedHostHeader: host };
  return record(
    {
      ...request,
      record: {
        managementEvent: false,
        eventCategory: 'Data',
        requestParameters: { bucketName: bucket, Host: host, key },
        responseElements: kmsKey
          ? { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': kmsKey }
          : null,
        additionalEventData: {
          SignatureVersion: 'SigV4',
          ...(tls !== false && { CipherSuite: TLS.cipherSuite }),
          bytesTransferredIn: 24,
          ...(sseApplied && { SSEApplied: sseApplied }),
          AuthenticationMethod: 'AuthHeader',
          'x-amz-id-2': 'EXAMPLEtr/hmEXAMPLE=',
          bytesTransferredOut: 0,
        },
        resources: [
          { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucket}/${key}` },
          { accountId: ACCOUNT, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}` },
        ],
        ...(tls !== false && { tlsDetails }),
        ...request.record,
      },
    },
    's3',
  );
}

export interface KmsRequest extends Request {
  readonly kmsKey: string;
  /** `bucket/key`, or `bucket` with an S3 Bucket Key; absent where S3 did not ask. */
  readonly context?: string;
}

/** What S3 asks of KMS in the name of whoever asked S3; or, without a context, what somebody asks. */
export function kmsEvent({ kmsKey, context, ...request }: KmsRequest): CloudTrailRecord {
  const base = record(request, 'kms');
  return {
    ...base,
    ...(context === undefined
      ? { tlsDetails: { ...TLS, clientProvidedHostHeader: `kms.${REGION}.amazonaws.com` } }
      : { userIdentity: { ...base.userIdentity, invokedBy: 'AWS Internal' }, sourceIPAddress: 'AWS Internal', userAgent: 'AWS Internal' }),
    readOnly: true,
    requestParameters: {
      keyId: kmsKey,
      ...(context !== undefined && { encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::${context}` } }),
      encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    },
    resources: [{ accountId: ACCOUNT, type: 'AWS::KMS::Key', ARN: kmsKey }],
    ...request.record,
  };
}

/** A management event of S3: somebody changed a setting of a bucket. */
export function bucketEvent({ bucket, ...request }: Request & { readonly bucket: string }): CloudTrailRecord {
  const base = record(request, 's3');
  return {
    ...base,
    requestParameters: { bucketName: bucket, Host: `s3.${REGION}.amazonaws.com`, encryption: '' },
    additionalEventData: { SignatureVersion: 'SigV4', CipherSuite: TLS.cipherSuite },
    resources: [{ accountId: ACCOUNT, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}` }],
    tlsDetails: { ...TLS, clientProvidedHostHeader: `s3.${REGION}.amazonaws.com` },
    ...request.record,
  };
}
