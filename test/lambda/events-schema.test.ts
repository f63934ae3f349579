import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import Ajv from 'ajv';
import type { ViolationOutcome } from '../../lambda/encryption-enforcer/outcome';
import { detailOf } from '../../lambda/encryption-enforcer/report';
import { objectAnnouncer } from '../../lambda/shared/object-events';
import { ACTIONS } from '../../lib/domain/action';
import { EVENTS } from '../../lib/domain/contract';
import { VIOLATION_REASONS, type ViolationReason } from '../../lib/domain/verdict';
import schema from '../../schemas/events.v1.schema.json';
import { declare } from '../domain/sample-declarations';
import { REQUIRE_KMS, rulesThatSay } from '../support/lambda-enforcer-world';
import { type KindOfObject, walk } from '../support/object-matrix-walk';
import { ask, releaseWorld } from '../support/release-world';
import matrix from './object-matrix.json';

const EXEMPTION = { prefix: '', principalArns: [], until: '2099-01-01T00:00:00Z', reason: 'migration' };

const { detail: described } = schema.properties;
const { printable } = described.properties;
const isValid = new Ajv({ strict: true, allErrors: true }).compile(schema);
/** What is published lets fields be added; what is sent has none that the schema does not describe. */
const isExact = new Ajv({ strict: true, allErrors: true }).compile({
  ...schema,
  properties: {
    ...schema.properties,
    detail: {
      ...described,
      properties: { ...described.properties, printable: { ...printable, additionalProperties: false } },
      additionalProperties: false,
    },
  },
});

interface Entry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

let sent: Entry[] = [];
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  sent.push(...JSON.parse(Buffer.concat(chunks).toString()).Entries);
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{"FailedEntryCount":0,"Entries":[]}');
});
let client: EventBridgeClient;

beforeAll(async () => {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMIEXAMPLEKEY' };
  client = new EventBridgeClient({ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 });
});

afterAll(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

type SentEvent = { readonly source: unknown; readonly 'detail-type': unknown; readonly detail: Readonly<Record<string, unknown>> };

function eventsOf(outcome: ViolationOutcome, versionId?: string): Promise<SentEvent[]> {
  return announced([detailOf({ bucket: 'records', key: 'a/ä b', versionId }, outcome)]);
}

/** As EventBridge passes them on. */
async function announced(details: readonly object[]): Promise<SentEvent[]> {
  sent = [];
  const announce = objectAnnouncer(client, 'Stack-Enforcer-AB12CD34');
  for (const detail of details) await announce(detail as Parameters<typeof announce>[0]);
  return sent.map(({ Source, DetailType, Detail }) => ({ source: Source, 'detail-type': DetailType, detail: JSON.parse(Detail) }));
}

const REASONS = Object.keys(VIOLATION_REASONS) as ViolationReason[];
const KINDS: readonly ViolationOutcome['kind'][] = ['reported', 'tagged', 'quarantined', 're-encrypted', 'superseded'];
const OPTIONAL = {
  reducedBecause: 'the null version remains',
  location: 's3://quarantine/objects/o',
  uncovered: 'v0',
  encryptedAs: 'SSE-KMS under a key',
  replacedBy: 'v2',
} as const;

const { encryptedAs, replacedBy, ...others } = OPTIONAL;
const INDEPENDENT = [...Object.entries(others).map(([name, value]) => ({ [name]: value })), { encryptedAs, replacedBy }];
/** Every subset. */
const optionalFields = Array.from({ length: 16 }, (_, bits) => Object.assign({}, ...INDEPENDENT.filter((__, bit) => (bits >> bit) & 1)));

test('every event, with every combination of its fields, is as the schema describes it', async () => {
  let seen = 0;
  for (const kind of KINDS) {
    for (const reason of REASONS) {
      for (const requested of ACTIONS) {
        for (const fields of optionalFields) {
          const violation = { compliant: false, reason, expected: 'SSE-C', observed: 'SSE-S3' } as const;
          const outcome = { kind, violation, requested, scheme: 'SSE-S3', ...fields } as const;
          for (const event of await eventsOf(outcome, seen % 2 === 0 ? undefined : 'v1')) {
            if (!isExact(event)) throw new Error(`${JSON.stringify(event)}: ${JSON.stringify(isExact.errors)}`);
            seen += 1;
          }
        }
      }
    }
  }
  // A quarantined or re-encrypted object has two.
  expect(seen).toBe((KINDS.length + 2) * REASONS.length * 4 * 16);
});

const OUTCOME: ViolationOutcome = {
  kind: 'quarantined',
  violation: { compliant: false, reason: 'wrong-key', expected: 'SSE-C', observed: 'SSE-S3' },
  requested: 'quarantine',
  location: 's3://quarantine/objects/o',
};

test('every field that the schema describes is sent, and no other', async () => {
  const [event] = await eventsOf({ ...OUTCOME, ...OPTIONAL }, 'v1');
  const details = [event, ...(await announced(await releaseDetails()))].map((each) => ({ ...each?.detail }));
  const fieldsOf = (each: readonly unknown[]) => [...new Set(each.flatMap((one) => Object.keys(one as object)))].sort();
  expect(fieldsOf(details)).toEqual(Object.keys(described.properties).sort());
  expect(fieldsOf(details.map((detail) => detail['printable']))).toEqual(Object.keys(printable.properties).sort());
});

const EXEMPT = { ...REQUIRE_KMS, declaration: { ...declare([{ scheme: 'SSE-C' }]), exemptions: [EXEMPTION] } };

/** Of an object that was released while an exemption spares it, and then discarded. */
async function releaseDetails(): Promise<object[]> {
  const made = await releaseWorld();
  await ask(made, {}, { rules: rulesThatSay(EXEMPT) });
  await ask(made, { action: 'discard' });
  return made.events;
}

test('what is released or discarded is announced once, as the schema describes it', async () => {
  const events = await announced(await releaseDetails());
  expect(events.map((event) => event['detail-type'])).toEqual([EVENTS.released, EVENTS.discarded]);
  for (const event of events) expect([isExact(event), isExact.errors]).toEqual([true, null]);
});

/** Of what is refused, only that the envelope is read changes what there is to tell. */
const refusedReads = (s3: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(s3).filter(([request]) => request === 'GetObject'));

test('every event about every kind of object is as its schema says, and what was moved or mended is announced twice', async () => {
  for (const { kind, object, s3 = {} } of matrix.kinds) {
    for (const action of ACTIONS) {
      const { reports } = await walk(object as KindOfObject, refusedReads(s3), action);
      const events = await announced(reports.announced);
      for (const event of events) expect([kind, action, isExact(event), isExact.errors]).toEqual([kind, action, true, null]);
      const has = (outcome: string) => events.some(({ detail }) => detail['outcome'] === outcome);
      expect(events.map((event) => event['detail-type'])).toEqual([
        EVENTS.violation,
        ...(has('quarantined') ? [EVENTS.quarantined] : []),
        ...(has('re-encrypted') ? [EVENTS.reencrypted] : []),
      ]);
    }
  }
});

test('the schema names every reason, outcome, action and detail type, and no other', () => {
  expect(schema.properties['detail-type'].enum).toEqual([
    EVENTS.violation,
    EVENTS.quarantined,
    EVENTS.reencrypted,
    EVENTS.released,
    EVENTS.discarded,
  ]);
  expect(schema.properties.source.const).toBe(EVENTS.source);
  expect(described.properties.version.const).toBe(EVENTS.version);
  const { reason, outcome, requested } = described.properties;
  expect([...reason.enum].sort()).toEqual([...REASONS].sort());
  expect([...outcome.enum].sort()).toEqual([...KINDS, 'released', 'discarded'].sort());
  expect([...requested.enum].sort()).toEqual([...ACTIONS].sort());
});

describe('the schema refuses an event', () => {
  test.each(described.required)('without %s', async (field) => {
    const [event] = await eventsOf(OUTCOME);
    const { [field]: _left, ...detail } = { ...event?.detail } as Record<string, unknown>;
    expect(isValid({ ...event, detail })).toBe(false);
  });

  test.each<[string, object]>([
    ['of another version', { version: '2' }],
    ['with a reason of its own', { reason: 'because' }],
    ['with an outcome that is none of a violation', { outcome: 'compliant' }],
    ['whose copy is not in S3', { location: '/tmp/copy' }],
    ['whose printable key has two lines', { printable: { key: 'a\nb', expected: 'SSE-C', observed: 'SSE-S3' } }],
    ['whose printable text has quotes', { printable: { key: 'a', expected: 'SSE-C', observed: '"SSE-S3"' } }],
  ])('%s', async (_, change) => {
    const [event] = await eventsOf(OUTCOME);
    expect(isValid({ ...event, detail: { ...event?.detail, ...change } })).toBe(false);
  });

  test('of another source', async () => {
    const [event] = await eventsOf(OUTCOME);
    expect(isValid({ ...event, source: 'aws.s3' })).toBe(false);
  });
});
