import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { objectEvent } from '../support/object-event';

/** The bundle as `npm run bundle` wrote it, in a process of its own, against an endpoint that plays Security Hub. */
const BUNDLE = join(__dirname, '..', '..', 'dist', 'lambda', 'security-hub-findings', 'index.js');
const CALL =
  'require(process.env.BUNDLE).handler(JSON.parse(process.env.EVENT)).then((answer) => console.log("ANSWER " + JSON.stringify(answer)));';
const PRODUCT_ARN = 'arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default';

interface Call {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly body: { readonly Findings: readonly Readonly<Record<string, unknown>>[] };
}

let server: Server;
let calls: Call[] = [];
let answer: (call: Call) => { readonly status?: number; readonly body: unknown };

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = { method: request.method, path: request.url, body: JSON.parse(Buffer.concat(chunks).toString()) };
      calls.push(call);
      const { status = 200, body } = answer(call);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => {
  calls = [];
  answer = ({ body }) => ({ body: { FailedCount: 0, SuccessCount: body.Findings.length, FailedFindings: [] } });
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

async function invoke(...keys: string[]) {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const EVENT = JSON.stringify({
    Records: keys.map((key) => ({ messageId: `message ${key}`, body: JSON.stringify(objectEvent({ detail: { key } })) })),
  });
  const aws = { AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: endpoint };
  const env = { BUNDLE, EVENT, PRODUCT_ARN, RUNBOOK_URL: 'https://runbook', AWS_MAX_ATTEMPTS: '1', ...aws };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', CALL], { env });
  const { batchItemFailures } = JSON.parse(/^ANSWER (.*)$/m.exec(stdout)?.[1] ?? '{}');
  return { stdout, failed: batchItemFailures.map(({ itemIdentifier }: { itemIdentifier: string }) => itemIdentifier) };
}

test('imports a finding for each violation, in one call of BatchImportFindings', async () => {
  const { failed, stdout } = await invoke('a', 'b');
  expect(failed).toEqual([]);
  expect(calls.map(({ method, path }) => [method, path])).toEqual([['POST', '/findings/import']]);
  // All of it reaches the wire: the SDK leaves out what its model does not know.
  expect(calls[0]?.body.Findings[0]).toEqual({
    SchemaVersion: '2018-10-08',
    Id: expect.any(String),
    ProductArn: PRODUCT_ARN,
    ProductName: 'cdk-s3-encryption-guard',
    GeneratorId: expect.any(String),
    AwsAccountId: '111122223333',
    CreatedAt: '2026-11-22T10:00:00.000Z',
    UpdatedAt: '2026-11-22T10:00:00.000Z',
    Title: expect.any(String),
    Description: expect.any(String),
    Remediation: { Recommendation: { Text: expect.any(String), Url: 'https://runbook' } },
    ProductFields: expect.objectContaining({ 'cdk-s3-encryption-guard/outcome': 'reported' }),
    Resources: [
      {
        Type: 'AwsS3Object',
        Id: 'arn:aws:s3:::records/a',
        Partition: 'aws',
        Region: 'eu-west-1',
        Details: { AwsS3Object: { VersionId: 'v1' }, Other: { bucket: 'records', key: 'a' } },
      },
    ],
    Compliance: { Status: 'FAILED' },
    RecordState: 'ACTIVE',
    FindingProviderFields: { Severity: { Label: 'MEDIUM', Original: 'reported' }, Types: [expect.any(String)] },
  });
  expect(stdout).toContain('"message":"findings imported"');
});

test('gives the messages back whose findings were refused, though Security Hub answers 200', async () => {
  answer = ({ body }) => ({
    body: {
      FailedCount: 1,
      SuccessCount: 1,
      FailedFindings: [{ Id: body.Findings[1]?.['Id'], ErrorCode: 'InvalidAccess', ErrorMessage: 'Security Hub is not enabled.' }],
    },
  });
  const { failed, stdout } = await invoke('a', 'b');
  expect(failed).toEqual(['message b']);
  expect(stdout).toContain('Enable AWS Security Hub CSPM in account 111122223333, eu-west-1');
});

test('gives all back where more were refused than are named', async () => {
  answer = () => ({ body: { FailedCount: 2, SuccessCount: 0, FailedFindings: [] } });
  expect((await invoke('a', 'b')).failed).toEqual(['message a', 'message b']);
});

test('gives all back where the call is refused, and says why', async () => {
  answer = () => ({
    status: 401,
    body: { __type: 'InvalidAccessException', Message: 'The account is not subscribed to AWS Security Hub' },
  });
  const { failed, stdout } = await invoke('a');
  expect(failed).toEqual(['message a']);
  expect(stdout).toMatch(/InvalidAccessException.*not subscribed/);
  expect(stdout).toContain('Enable AWS Security Hub CSPM');
});
