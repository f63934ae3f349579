import type { SQSEvent, SQSRecord } from 'aws-lambda';

/** Events as AWS documents them, with every field, so that a parser that reads one too many or too few is found. */
export interface EventObject {
  readonly bucket: string;
  readonly key: string;
  readonly size?: number;
  /** Without quotes, as both envelopes print it. */
  readonly etag?: string | undefined;
  readonly versionId?: string | undefined;
}

/** When the objects of all these events were written. */
export const EVENT_TIME = new Date('2026-11-12T00:00:00Z');

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
const ETAG = 'b1946ac92492d2347c6235b4d2611184';
const SEQUENCER = '00617F08299329D189';

/** `Object Created`: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export function objectCreated(object: EventObject) {
  return eventBridgeEvent('Object Created', object, { ...objectDetail(object), sequencer: SEQUENCER }, { reason: 'PutObject' });
}

export function objectDeleted({ bucket, key }: EventObject) {
  const object = { key, etag: 'd41d8cd98f00b204e9800998ecf8427e', 'version-id': '1QW9g1Z99LUNbvaaYVpW9xDlOLU.qxgF', sequencer: SEQUENCER };
  const how = { reason: 'DeleteObject', 'deletion-type': 'Delete Marker Created' };
  return eventBridgeEvent('Object Deleted', { bucket, key }, object, how);
}

export function objectTagsAdded(object: EventObject) {
  return eventBridgeEvent('Object Tags Added', object, objectDetail(object), {});
}

function objectDetail({ key, size = 5, etag = ETAG, versionId }: EventObject) {
  return { key, size, etag, ...(versionId !== undefined && { 'version-id': versionId }) };
}

function eventBridgeEvent(detailType: string, { bucket }: EventObject, object: object, how: object) {
  return {
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': detailType,
    source: 'aws.s3',
    account: ACCOUNT,
    time: '2026-11-12T00:00:00Z',
    region: REGION,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object,
      'request-id': 'N4N7GDK58NMKJ12R',
      requester: ACCOUNT,
      'source-ip-address': '1.2.3.4',
      ...how,
    },
  };
}

/**
 * A data event of CloudTrail, as EventBridge delivers it. AWS publishes no sample of this very call; the fields are those of its sample of PutObject:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html
 */
export function rekeyed({ bucket, key, versionId }: EventObject, change: object = {}) {
  const detail = {
    eventVersion: '1.11',
    userIdentity: { type: 'IAMUser', principalId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/myUserName`, accountId: ACCOUNT },
    eventTime: '2026-11-12T00:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'UpdateObjectEncryption',
    awsRegion: REGION,
    sourceIPAddress: '127.0.0.1',
    userAgent: '[aws-cli/2.31.0]',
    requestParameters: {
      bucketName: bucket,
      Host: `${bucket}.s3.${REGION}.amazonaws.com`,
      encryption: '',
      key,
      ...(versionId !== undefined && { versionId }),
    },
    responseElements: null,
    additionalEventData: { SignatureVersion: 'SigV4', bytesTransferredIn: 210, AuthenticationMethod: 'AuthHeader', bytesTransferredOut: 0 },
    requestID: '12345678',
    eventID: '12345678-abcd-1234-abcd-123456789012',
    readOnly: false,
    resources: [
      { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucket}/${key}` },
      { accountId: ACCOUNT, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}` },
    ],
    eventType: 'AwsApiCall',
    managementEvent: false,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Data',
    ...change,
  };
  const [source, time] = ['aws.s3', '2026-11-12T00:00:09Z'];
  return {
    version: '0',
    id: '17793124',
    'detail-type': 'AWS API Call via CloudTrail',
    source,
    account: ACCOUNT,
    time,
    region: REGION,
    resources: [],
    detail,
  };
}

/** One record: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export function notificationRecord({ bucket, key, size = 1024, etag = ETAG, versionId }: EventObject, eventName = 'ObjectCreated:Put') {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: REGION,
    eventTime: '2026-11-12T00:00:00.000Z',
    eventName,
    userIdentity: { principalId: 'AWS:AIDAJDPLRKLG7UEXAMPLE' },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: {
      'x-amz-request-id': 'C3D13FE58DE4C810',
      'x-amz-id-2': 'FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S/JRWeUWerMUE5JgHvANOjpD',
    },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'testConfigRule',
      bucket: { name: bucket, ownerIdentity: { principalId: 'A3NL1KOZZKExample' }, arn: `arn:aws:s3:::${bucket}` },
      object: { key: formEncoded(key), size, eTag: etag, ...(versionId !== undefined && { versionId }), sequencer: '0055AED6DCD90281E5' },
    },
  };
}

export function notification(...objects: readonly EventObject[]) {
  return { Records: objects.map((object) => notificationRecord(object)) };
}

/** Sent once, when a notification is configured. */
export function testEvent(bucket: string) {
  return {
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: '2026-11-12T00:00:00.000Z',
    Bucket: bucket,
    RequestId: '5582815E1AEA5ADF',
    HostId: '8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE',
  };
}

/** `application/x-www-form-urlencoded`, byte by byte; the slashes of a key stay, as S3 prints them. */
export function formEncoded(key: string): string {
  return [...Buffer.from(key, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (/[A-Za-z0-9._*/-]/.test(character)) return character;
      return character === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

export function sqsRecord(messageId: string, body: unknown): SQSRecord {
  return {
    messageId,
    receiptHandle: `AQEB-${messageId}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1794441600000',
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: '1794441600001',
    },
    messageAttributes: {},
    md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${REGION}:${ACCOUNT}:events`,
    awsRegion: REGION,
  };
}

/** A batch: message ids by name. */
export function sqsEvent(messages: Readonly<Record<string, unknown>>): SQSEvent {
  return { Records: Object.entries(messages).map(([messageId, body]) => sqsRecord(messageId, body)) };
}
