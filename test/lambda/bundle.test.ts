import { execFile } from 'node:child_process';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { objectCreated, sqsEvent } from '../support/events';

/** The bundle as `npm run bundle` wrote it, in a process of its own, against an endpoint that throttles at first. */
const BUNDLE = join(__dirname, '..', '..', 'dist', 'lambda', 'encryption-enforcer', 'index.js');

const RULE = { version: 2, action: 'report', keys: [], accept: [{ scheme: 'SSE-S3' }], headersRequired: false };
const EVENT = sqsEvent({ first: objectCreated({ bucket: 'records', key: 'a.txt', etag: 'the-etag', versionId: 'v1' }) });

const CALL = `
  const context = { getRemainingTimeInMillis: () => 60000 };
  require(process.env.BUNDLE).handler(JSON.parse(process.env.EVENT), context).then((answer) => console.log('ANSWER ' + JSON.stringify(answer)));
`;

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'the-token' };

let server: Server;
let requests: { call: string; authorization?: string | undefined; token?: string | string[] | undefined }[] = [];

/** What is asked for: an operation of SSM, or the method of S3. */
function callOf({ method, headers }: IncomingMessage): string {
  return String(headers['x-amz-target'] ?? method);
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const call = callOf(request);
    const isFirst = !requests.some((earlier) => earlier.call === call);
    requests.push({ call, authorization: request.headers.authorization, token: request.headers['x-amz-security-token'] });
    request.resume();
    // No body, as with HEAD.
    if (isFirst) return void response.writeHead(503).end();
    if (call === 'HEAD') {
      return void response.writeHead(200, { etag: '"the-etag"', 'content-length': '5', 'x-amz-server-side-encryption': 'AES256' }).end();
    }
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ Parameter: { Value: JSON.stringify(RULE) } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => {
  requests = [];
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

async function invoke(env: Readonly<Record<string, string>>) {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', CALL], {
    env: {
      BUNDLE,
      EVENT: JSON.stringify(EVENT),
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ENFORCER_NAME: 'enforcer',
      RULE_PARAMETER_PREFIX: '/s3-encryption-guard/enforcer',
      QUARANTINE_BUCKET: 'quarantine',
      QUARANTINE_KEY_ARN: 'arn:aws:kms:eu-west-1:111122223333:key/99999999-8888-4777-a666-555555555555',
      EVENT_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/events',
      LARGE_OBJECT_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/large-objects',
      LARGE_OBJECT_QUEUE_ARN: 'arn:aws:sqs:eu-west-1:111122223333:large-objects',
      ...env,
    },
  });
  const answer = /^ANSWER (.*)$/m.exec(stdout)?.[1];
  if (answer === undefined) throw new Error(`The bundle gave no answer: ${stdout}${stderr}`);
  return { answer: JSON.parse(answer), output: stdout + stderr };
}

test.each(['standard', 'adaptive'])('tries again what was throttled, in retry mode %s, signed as the function', async (mode) => {
  const { answer, output } = await invoke({ ...CREDENTIALS, AWS_RETRY_MODE: mode });
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(output).toContain('"outcome":"compliant"');
  expect(requests.map(({ call }) => call)).toEqual(['AmazonSSM.GetParameter', 'AmazonSSM.GetParameter', 'HEAD', 'HEAD']);
  for (const { authorization, token } of requests) {
    expect(authorization).toContain('Credential=ASIAEXAMPLE/');
    expect(token).toBe('the-token');
  }
});

test('without credentials asks nobody, returns the message to the queue, and logs what is missing', async () => {
  const { answer, output } = await invoke({ AWS_PROFILE: 'somebody' });
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'first' }] });
  expect(output).toContain('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY not set');
  expect(requests).toEqual([]);
});
