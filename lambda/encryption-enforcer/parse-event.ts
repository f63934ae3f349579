import { CLOUDTRAIL_CALL, REKEY_EVENT } from '../../lib/domain/event-pattern';
import { MalformedEventError } from '../shared/errors';
import type { ObjectVersion } from '../shared/object-store';

/** A message of the enforcer to itself: work that could not be done, or not be finished, when it came first. */
export const RESENT_MESSAGE = { source: 'cdk-s3-encryption-guard', detailType: 'Object To Verify' } as const;

/** An object that was written, or encrypted anew, as the event names it. */
export interface WrittenObject extends ObjectVersion {
  /** Without quotes. */
  readonly etag?: string | undefined;
  /** When S3 wrote it, as the event says. */
  readonly writtenAt?: Date | undefined;
  /** Encrypted anew in place, by UpdateObjectEncryption; `writtenAt` is when. */
  readonly rekeyed?: boolean | undefined;
  /** How often its message was sent anew; absent for what comes from S3. */
  readonly resends?: number | undefined;
  /** How often in a row it was throttled. */
  readonly throttles?: number | undefined;
  /** When it was sent anew for the first time. */
  readonly resentSince?: Date | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The objects that a message says were written; none for test events and for anything but writes.
 *
 * Reads three envelopes: events of EventBridge, whose keys are raw
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html), S3 event notifications, whose keys are
 * form-encoded (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html), and data events of CloudTrail,
 * whose keys are raw (an assumption: AWS's samples have none that tells:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html).
 *
 * @throws MalformedEventError for everything else, whole: no record of a message is skipped
 */
export function writtenObjectsIn(body: string): WrittenObject[] {
  const event = parseJson(body);
  if (event['source'] === 'aws.s3') return fromEventBridge(event);
  if (event['source'] === RESENT_MESSAGE.source) return fromResent(event);
  const records = event['Records'];
  if (Array.isArray(records) && records.length > 0) return records.flatMap((record) => fromNotification(fieldsOf(record, 'Records[]')));
  if (event['Event'] === 's3:TestEvent') return [];
  throw new MalformedEventError('neither an S3 event of EventBridge nor an S3 event notification');
}

function fromEventBridge(event: Fields): WrittenObject[] {
  const detailType = text(event['detail-type'], 'detail-type');
  if (detailType === CLOUDTRAIL_CALL) return fromCloudTrail(fieldsOf(event['detail'], 'detail'));
  if (detailType !== 'Object Created') return [];
  const detail = fieldsOf(event['detail'], 'detail');
  const object = fieldsOf(detail['object'], 'detail.object');
  return [
    {
      bucket: bucketName(fieldsOf(detail['bucket'], 'detail.bucket')['name']),
      key: text(object['key'], 'detail.object.key'),
      versionId: optionalText(object['version-id'], 'detail.object.version-id'),
      etag: optionalText(object['etag'], 'detail.object.etag'),
      writtenAt: optionalDate(event['time'], 'time'),
    },
  ];
}

/** Of a call that was refused there is nothing to look at. */
function fromCloudTrail(detail: Fields): WrittenObject[] {
  if (text(detail['eventName'], 'detail.eventName') !== REKEY_EVENT || detail['errorCode'] !== undefined) return [];
  const request = fieldsOf(detail['requestParameters'], 'detail.requestParameters');
  return [
    {
      bucket: bucketName(request['bucketName']),
      key: text(request['key'], 'detail.requestParameters.key'),
      versionId: optionalText(request['versionId'], 'detail.requestParameters.versionId'),
      writtenAt: optionalDate(detail['eventTime'], 'detail.eventTime'),
      rekeyed: true,
    },
  ];
}

/** What was sent anew is as good as what was sent first: the object is looked at and judged afresh. */
function fromResent(event: Fields): WrittenObject[] {
  if (event['detail-type'] !== RESENT_MESSAGE.detailType)
    throw new MalformedEventError(`unknown detail-type ${JSON.stringify(event['detail-type'])}`);
  const detail = fieldsOf(event['detail'], 'detail');
  return [
    {
      bucket: bucketName(detail['bucket']),
      key: text(detail['key'], 'detail.key'),
      versionId: optionalText(detail['versionId'], 'detail.versionId'),
      etag: optionalText(detail['etag'], 'detail.etag'),
      writtenAt: optionalDate(detail['writtenAt'], 'detail.writtenAt'),
      ...(detail['rekeyed'] === true && { rekeyed: true }),
      resends: wholeNumber(detail['resends'], 'detail.resends'),
      throttles: wholeNumber(detail['throttles'] ?? 0, 'detail.throttles'),
      resentSince: optionalDate(detail['resentSince'], 'detail.resentSince'),
    },
  ];
}

function fromNotification(record: Fields): WrittenObject[] {
  // Only the major version says that the fields mean something else: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
  const version = text(record['eventVersion'], 'eventVersion');
  if (!version.startsWith('2.')) throw new MalformedEventError(`eventVersion is ${JSON.stringify(version)}, and 2 is understood`);
  const name = text(record['eventName'], 'eventName');
  if (!/^[A-Z][A-Za-z]+:/.test(name)) throw new MalformedEventError(`not the name of an event: ${JSON.stringify(name)}`);
  if (!name.startsWith('ObjectCreated:')) return [];
  const s3 = fieldsOf(record['s3'], 's3');
  const object = fieldsOf(s3['object'], 's3.object');
  return [
    {
      bucket: bucketName(fieldsOf(s3['bucket'], 's3.bucket')['name']),
      key: formDecoded(text(object['key'], 's3.object.key')),
      versionId: optionalText(object['versionId'], 's3.object.versionId'),
      etag: optionalText(object['eTag'], 's3.object.eTag'),
      writtenAt: optionalDate(record['eventTime'], 'eventTime'),
    },
  ];
}

function parseJson(body: string): Fields {
  try {
    return fieldsOf(JSON.parse(body), 'message');
  } catch (error) {
    throw error instanceof MalformedEventError ? error : new MalformedEventError('the message is not JSON', { cause: error });
  }
}

function formDecoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch (error) {
    throw new MalformedEventError(`s3.object.key is not form-encoded: ${JSON.stringify(key)}`, { cause: error });
  }
}

/** It becomes part of a parameter name, so it must be no more than a name. Old buckets may have capitals and `_`. */
function bucketName(value: unknown): string {
  const name = text(value, 'bucket name');
  if (!/^[A-Za-z0-9._-]{3,255}$/.test(name)) throw new MalformedEventError(`not a bucket name: ${JSON.stringify(name)}`);
  return name;
}

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new MalformedEventError(`${name} is not an object`);
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new MalformedEventError(`${name} is not a text: ${JSON.stringify(value)}`);
}

function wholeNumber(value: unknown, name: string): number {
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
  throw new MalformedEventError(`${name} is not a whole number from 0: ${JSON.stringify(value)}`);
}

/** Without versioning there is no version id, and nothing is lost by reading an empty one as none. */
function optionalText(value: unknown, name: string): string | undefined {
  return value === undefined || value === '' ? undefined : text(value, name);
}

function optionalDate(value: unknown, name: string): Date | undefined {
  const written = optionalText(value, name);
  if (written === undefined) return undefined;
  const date = new Date(written);
  if (Number.isNaN(date.getTime())) throw new MalformedEventError(`${name} is not a date: ${JSON.stringify(value)}`);
  return date;
}
