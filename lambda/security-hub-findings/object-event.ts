import { OBJECT_EVENTS } from '../../lib/domain/object-events';
import { MalformedEventError } from '../shared/errors';

type DetailType = (typeof OBJECT_EVENTS)[number];

/** An event of an enforcer about one object version: schemas/events.v1.schema.json. */
export interface ObjectEvent {
  readonly id: string;
  readonly detailType: DetailType;
  /** Whole seconds: EventBridge tells no more. */
  readonly time: Date;
  readonly enforcer: string;
  readonly bucket: string;
  readonly key: string;
  /** Absent in a bucket without versions. */
  readonly versionId: string | undefined;
  readonly outcome: string | undefined;
  readonly reason: string | undefined;
  readonly expected: string | undefined;
  readonly observed: string | undefined;
  readonly location: string | undefined;
  /** Why less was done than asked for. */
  readonly reducedBecause: string | undefined;
  /** Until when an exemption spares what was put back. */
  readonly exemptUntil: string | undefined;
}

/** @throws MalformedEventError for what is no event of an enforcer, or names no object */
export function objectEventIn(body: string): ObjectEvent {
  const event = jsonIn(body);
  const detail = recordIn(event['detail']);
  const [id, type, time] = [event['id'], event['detail-type'], event['time']];
  const detailType = OBJECT_EVENTS.find((name) => name === type);
  if (detailType === undefined) throw new MalformedEventError(`detail-type is ${JSON.stringify(type)}, which is none about an object`);
  const at = new Date(typeof time === 'string' ? time : Number.NaN);
  if (Number.isNaN(at.getTime())) throw new MalformedEventError(`time is ${JSON.stringify(time)}`);
  return {
    id: typeof id === 'string' ? id : '',
    detailType,
    time: at,
    enforcer: textIn(detail, 'enforcer'),
    bucket: textIn(detail, 'bucket'),
    key: textIn(detail, 'key'),
    versionId: optionalTextIn(detail, 'versionId'),
    outcome: optionalTextIn(detail, 'outcome'),
    reason: optionalTextIn(detail, 'reason'),
    expected: optionalTextIn(detail, 'expected'),
    observed: optionalTextIn(detail, 'observed'),
    location: optionalTextIn(detail, 'location'),
    reducedBecause: optionalTextIn(detail, 'reducedBecause'),
    exemptUntil: optionalTextIn(detail, 'exemptUntil'),
  };
}

type Json = Readonly<Record<string, unknown>>;

function jsonIn(body: string): Json {
  try {
    return recordIn(JSON.parse(body));
  } catch (error) {
    throw new MalformedEventError('the message is no event', { cause: error });
  }
}

function recordIn(value: unknown): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new MalformedEventError('the event has no detail');
}

function optionalTextIn(detail: Json, name: string): string | undefined {
  const value = detail[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function textIn(detail: Json, name: string): string {
  const value = optionalTextIn(detail, name);
  if (value === undefined) throw new MalformedEventError(`the event does not say its ${name}`);
  return value;
}
