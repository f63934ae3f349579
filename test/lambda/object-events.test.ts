import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { RetryableError, ThrottledError } from '../../lambda/shared/errors';
import { objectAnnouncer } from '../../lambda/shared/object-events';

const DETAIL = { bucket: 'data-bucket', key: 'reports/ä 2026.csv', versionId: 'v1', outcome: 'quarantined', reason: 'wrong-key' };

const received: { target: string | undefined; body: { Entries?: { Detail: string }[] } }[] = [];
let answer: { status: number; body: unknown } = { status: 200, body: {} };
let endpoint = '';

/** EventBridge, as far as PutEvents goes: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  received.push({ target: request.headers['x-amz-target']?.toString(), body: JSON.parse(Buffer.concat(chunks).toString()) });
  response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(answer.body));
});

beforeAll(async () => {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  received.length = 0;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function announce(status: number, body: unknown, detail = DETAIL): Promise<void> {
  answer = { status, body };
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMIEXAMPLEKEY' };
  const client = new EventBridgeClient({ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 });
  try {
    await objectAnnouncer(client, 'Stack-Enforcer-AB12CD34')(detail);
  } finally {
    client.destroy();
  }
}

test.each([
  ['quarantined', ['S3 Object Encryption Violation', 'S3 Object Quarantined']],
  ['re-encrypted', ['S3 Object Encryption Violation', 'S3 Object Re-encrypted']],
  ['tagged', ['S3 Object Encryption Violation']],
])('a violation that ended %s is told by %j, with version and the name of the enforcer in the detail', async (outcome, detailTypes) => {
  const detail = { ...DETAIL, outcome };
  await announce(200, { FailedEntryCount: 0, Entries: [{ EventId: '11710aed-b79e-4468-a20b-bb3c0c3b4860' }] }, detail);
  const entries = detailTypes.map((DetailType) => ({ Source: 'cdk-s3-encryption-guard', DetailType, Detail: expect.any(String) }));
  expect(received).toEqual([{ target: 'AWSEvents.PutEvents', body: { Entries: entries } }]);
  for (const { Detail } of received[0]?.body.Entries ?? []) {
    const printable = { key: 'reports/%C3%A4%202026.csv' };
    expect(JSON.parse(Detail)).toEqual({ version: '1', ...detail, enforcer: 'Stack-Enforcer-AB12CD34', printable });
  }
});

test('an event that EventBridge answers with 200 but does not take is tried again', async () => {
  const failed = announce(200, { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'try later' }] });
  await expect(failed).rejects.toThrow(RetryableError);
  await expect(failed).rejects.toThrow('try later');
});

test('an answer that does not say that nothing failed is tried again', async () => {
  await expect(announce(200, {})).rejects.toThrow(RetryableError);
});

test.each<[string, number, object]>([
  ['of the request', 400, { __type: 'ThrottlingException', message: 'Rate exceeded' }],
  ['of the entry', 200, { FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' }] }],
])('throttling %s is told as such: the message waits, and costs no receive', async (_, status, answer) => {
  const failed = announce(status, answer);
  await expect(failed).rejects.toThrow(ThrottledError);
  await expect(failed).rejects.toThrow(/did not take the violation event: .*Rate exceeded/);
});

test.each([
  [400, 'AccessDeniedException'],
  [500, 'InternalException'],
])('an error, %d %s, is neither success nor throttling', async (status, __type) => {
  const failed = announce(status, { __type, message: 'no' });
  await expect(failed).rejects.toThrow();
  await expect(failed).rejects.not.toThrow(ThrottledError);
});
