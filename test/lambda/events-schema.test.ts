import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import Ajv from 'ajv';
import type { ViolationOutcome } from '../../lambda/encryption-enforcer/outcome';
import { detailOf } from '../../lambda/encryption-enforcer/report';
import { violationAnnouncer } from '../../lambda/encryption-enforcer/violation-events';
import { VIOLATION_REASONS, type ViolationReason } from '../../lib/domain/verdict';

const schema = require(join(__dirname, '..', '..', 'schemas', 'events.v1.schema.json'));
const isValid = new Ajv({ strict: true, allErrors: true }).compile(schema);

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

/** As EventBridge passes them on. */
async function eventsOf(outcome: ViolationOutcome, versionId?: string): Promise<Record<string, unknown>[]> {
  sent = [];
  await violationAnnouncer(client, 'Stack-Enforcer-AB12CD34')(detailOf({ bucket: 'records', key: 'a/ä b', versionId }, outcome));
  return sent.map(({ Source, DetailType, Detail }) => ({ source: Source, 'detail-type': DetailType, detail: JSON.parse(Detail) }));
}

const REASONS = Object.keys(VIOLATION_REASONS) as ViolationReason[];
const KINDS: readonly ViolationOutcome['kind'][] = ['reported', 'tagged', 'quarantined', 'superseded'];
const OPTIONAL = { reducedBecause: 'the null version remains', location: 's3://quarantine/objects/o', uncovered: 'v0' } as const;

/** Every subset. */
const optionalFields = Array.from({ length: 8 }, (_, bits) => Object.entries(OPTIONAL).filter((__, bit) => (bits >> bit) & 1));

test('every event, with every combination of its fields, is as the schema describes it', async () => {
  let seen = 0;
  for (const kind of KINDS) {
    for (const reason of REASONS) {
      for (const requested of ['report', 'tag', 'quarantine'] as const) {
        for (const fields of optionalFields) {
          const violation = { compliant: false, reason, expected: 'SSE-C', observed: 'SSE-S3' } as const;
          const outcome = { kind, violation, requested, scheme: 'SSE-S3', ...Object.fromEntries(fields) } as const;
          for (const event of await eventsOf(outcome, seen % 2 === 0 ? undefined : 'v1')) {
            if (!isValid(event)) throw new Error(`${JSON.stringify(event)}: ${JSON.stringify(isValid.errors)}`);
            seen += 1;
          }
        }
      }
    }
  }
  // A quarantined object has two.
  expect(seen).toBe((KINDS.length + 1) * REASONS.length * 3 * 8);
});

const OUTCOME: ViolationOutcome = {
  kind: 'quarantined',
  violation: { compliant: false, reason: 'wrong-key', expected: 'SSE-C', observed: 'SSE-S3' },
  requested: 'quarantine',
  location: 's3://quarantine/objects/o',
};

test('no event has a field that the schema does not describe', async () => {
  const described = Object.keys(schema.properties.detail.properties).sort();
  const [event] = await eventsOf({ ...OUTCOME, ...OPTIONAL }, 'v1');
  expect(Object.keys(event?.['detail'] as object).sort()).toEqual(described);
});

test('the schema names every reason, outcome and action, and no other', () => {
  const { reason, outcome, requested } = schema.properties.detail.properties;
  expect([...reason.enum].sort()).toEqual([...REASONS].sort());
  expect([...outcome.enum].sort()).toEqual([...KINDS].sort());
  expect([...requested.enum].sort()).toEqual(['quarantine', 'report', 'tag']);
});

describe('the schema refuses an event', () => {
  test.each(schema.properties.detail.required as string[])('without %s', async (field) => {
    const [event] = await eventsOf(OUTCOME);
    const { [field]: _left, ...detail } = { ...(event?.['detail'] as object) } as Record<string, unknown>;
    expect(isValid({ ...event, detail })).toBe(false);
  });

  test.each<[string, object]>([
    ['of another version', { version: '2' }],
    ['with a reason of its own', { reason: 'because' }],
    ['whose copy is not in S3', { location: '/tmp/copy' }],
  ])('%s', async (_, change) => {
    const [event] = await eventsOf(OUTCOME);
    expect(isValid({ ...event, detail: { ...(event?.['detail'] as object), ...change } })).toBe(false);
  });

  test('of another source', async () => {
    const [event] = await eventsOf(OUTCOME);
    expect(isValid({ ...event, source: 'aws.s3' })).toBe(false);
  });
});
