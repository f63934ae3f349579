import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import Ajv from 'ajv';
import { violationAnnouncer } from '../../lambda/encryption-enforcer/violation-events';
import { ACTIONS } from '../../lib/domain/action';
import { EVENTS } from '../../lib/domain/contract';
import { VIOLATION_REASONS } from '../../lib/domain/verdict';
import schema from '../../schemas/events.v1.schema.json';
import { type KindOfObject, walk } from '../support/object-matrix-walk';
import matrix from './object-matrix.json';

const { detail } = schema.properties;
/** What is published lets fields be added; what is sent has none that the schema does not describe. */
const validate = new Ajv({ strict: true }).compile({
  ...schema,
  properties: { ...schema.properties, detail: { ...detail, additionalProperties: false } },
});

type Fields = Readonly<Record<string, unknown>>;
type SentEvent = { readonly source: unknown; readonly 'detail-type': unknown; readonly detail: Fields };

/** What a rule of EventBridge would see. */
async function eventsOf(details: readonly Fields[]): Promise<SentEvent[]> {
  const sent: SentEvent[] = [];
  const send = async ({ input: { Entries = [] } }: PutEventsCommand) => {
    sent.push(
      ...Entries.map(({ Source, DetailType, Detail = '' }) => ({ source: Source, 'detail-type': DetailType, detail: JSON.parse(Detail) })),
    );
    return { FailedEntryCount: 0 };
  };
  const announce = violationAnnouncer({ send } as unknown as EventBridgeClient, 'Stack-Enforcer-AB12CD34');
  for (const each of details) await announce(each);
  return sent;
}

test('every event about every kind of object is as its schema says, and what was moved is announced twice', async () => {
  for (const { kind, object } of matrix.kinds) {
    for (const action of ACTIONS) {
      const { reports } = await walk(object as KindOfObject, {}, action);
      const events = await eventsOf(reports.announced);
      for (const event of events) expect([kind, action, validate(event), validate.errors]).toEqual([kind, action, true, null]);
      const moved = events.some((event) => event.detail['outcome'] === 'quarantined');
      expect(events.map((event) => event['detail-type'])).toEqual(moved ? [EVENTS.violation, EVENTS.quarantined] : [EVENTS.violation]);
    }
  }
});

test.each<[string, Fields]>([
  ['another version', { version: '2' }],
  ['an outcome that is none of a violation', { outcome: 'compliant' }],
  ['a reason that there is not', { reason: 'weather' }],
  ['a location outside S3', { location: 'https://quarantine-bucket' }],
  ['no bucket', { bucket: undefined }],
])('an event with %s is not as its schema says', async (_, change) => {
  const { reports } = await walk({}, {}, 'quarantine');
  const [event] = await eventsOf(reports.announced);
  expect(validate(JSON.parse(JSON.stringify({ ...event, detail: { ...event?.detail, ...change } })))).toBe(false);
});

test('the schema knows each reason and each detail type that there is', () => {
  expect(detail.properties.reason.enum).toEqual(Object.keys(VIOLATION_REASONS));
  expect(schema.properties['detail-type'].enum).toEqual([EVENTS.violation, EVENTS.quarantined]);
  expect(schema.properties.source.const).toBe(EVENTS.source);
  expect(detail.properties.version.const).toBe(EVENTS.version);
  expect(detail.properties.requested.enum).toEqual([...ACTIONS]);
});
