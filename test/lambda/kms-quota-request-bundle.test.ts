import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The bundle as `npm run bundle` wrote it, in a process of its own, against an endpoint that plays Service Quotas and takes the answer. */
const BUNDLE = join(__dirname, '..', '..', 'dist', 'lambda', 'kms-quota-request', 'index.js');
const CALL =
  'require(process.env.BUNDLE).handler(JSON.parse(process.env.EVENT)).catch((error) => { console.error(error); process.exit(1); });';
const QUOTA = { ServiceCode: 'kms', QuotaCode: 'L-6E3AF000' };

interface Call {
  readonly operation: string;
  readonly body: unknown;
  readonly contentType: string | undefined;
}

let server: Server;
let calls: Call[] = [];
let answers: Readonly<Record<string, { status?: number; body: unknown } | undefined>> = {};

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target'] ?? request.method).replace(/^.*\./, '');
      calls.push({ operation, body: JSON.parse(Buffer.concat(chunks).toString()), contentType: request.headers['content-type'] });
      const { status = 200, body } = answers[operation] ?? { body: {} };
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => {
  calls = [];
  answers = { GetServiceQuota: { body: { Quota: { QuotaName: 'Cryptographic operations (symmetric) request rate', Value: 10_000 } } } };
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

async function invoke(RequestType: string) {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const event = {
    RequestType,
    ResponseURL: `${endpoint}/answer?signature=secret`,
    StackId: 'the-stack',
    RequestId: 'the-request',
    LogicalResourceId: 'Request',
    ResourceProperties: { RequestsPerSecond: '50000' },
  };
  const env = { AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: endpoint };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', CALL], { env: { BUNDLE, EVENT: JSON.stringify(event), ...env } });
  const byOperation = (name: string) => calls.filter(({ operation }) => operation === name);
  return { stdout, asked: byOperation('RequestServiceQuotaIncrease').map(({ body }) => body), answered: byOperation('PUT') };
}

test('asks Service Quotas for this quota of KMS, and tells CloudFormation', async () => {
  const { asked, answered, stdout } = await invoke('Create');
  expect(asked).toEqual([{ ...QUOTA, DesiredValue: 50_000 }]);
  expect(calls.find(({ operation }) => operation === 'GetServiceQuota')?.body).toEqual(QUOTA);
  expect(answered).toHaveLength(1);
  expect(answered[0]?.body).toMatchObject({ Status: 'SUCCESS', Data: { Outcome: 'asked', AppliedQuota: 10_000 } });
  // S3 compares the signature of the URL with an empty one.
  expect(answered[0]?.contentType ?? '').toBe('');
  expect(stdout).toContain('"Outcome":"asked"');
  expect(stdout).not.toContain('signature');
});

test('reads every page of what was asked before', async () => {
  const page = (Status: string, NextToken?: string) => ({ body: { RequestedQuotas: [{ Status, DesiredValue: 60_000 }], NextToken } });
  let pages = 0;
  answers = {
    ...answers,
    get ListRequestedServiceQuotaChangeHistoryByQuota() {
      pages += 1;
      return pages === 1 ? page('DENIED', 'more') : page('CASE_OPENED');
    },
  };
  const { asked, answered } = await invoke('Create');
  expect([pages, asked]).toEqual([2, []]);
  expect(answered[0]?.body).toMatchObject({ Status: 'SUCCESS', Data: { Outcome: 'asked-already' } });
});

test('does not fail where a request is open already', async () => {
  const body = { __type: 'ResourceAlreadyExistsException', message: 'Only one open service quota increase request is allowed per quota.' };
  answers = { ...answers, RequestServiceQuotaIncrease: { status: 400, body } };
  const { answered } = await invoke('Update');
  expect(answered[0]?.body).toMatchObject({ Status: 'SUCCESS', Data: { Outcome: 'another-request-is-open' } });
});

const UNKNOWN = { status: 400, body: { __type: 'NoSuchResourceException', message: 'No such quota.' } };

test('goes by the default of AWS where the account has no value of its own, because it never had it raised', async () => {
  answers = {
    GetServiceQuota: UNKNOWN,
    GetAWSDefaultServiceQuota: { body: { Quota: { QuotaName: 'Cryptographic operations (symmetric) request rate', Value: 20_000 } } },
  };
  const { answered, asked } = await invoke('Create');
  expect(calls.find(({ operation }) => operation === 'GetAWSDefaultServiceQuota')?.body).toEqual(QUOTA);
  expect(asked).toEqual([{ ...QUOTA, DesiredValue: 50_000 }]);
  expect(answered[0]?.body).toMatchObject({ Status: 'SUCCESS', Data: { Outcome: 'asked', AppliedQuota: 20_000 } });
});

test('asks for the default of AWS only where there is no value of the account', async () => {
  await invoke('Create');
  expect(calls.map(({ operation }) => operation)).not.toContain('GetAWSDefaultServiceQuota');
  answers = { ...answers, GetServiceQuota: { status: 400, body: { __type: 'AccessDeniedException', message: 'No.' } } };
  const { answered } = await invoke('Create');
  expect(calls.map(({ operation }) => operation)).not.toContain('GetAWSDefaultServiceQuota');
  expect(answered.at(-1)?.body).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('AccessDeniedException') });
});

test('fails with the reason where Service Quotas does not know the quota', async () => {
  answers = { GetServiceQuota: UNKNOWN, GetAWSDefaultServiceQuota: UNKNOWN };
  const { answered, asked } = await invoke('Create');
  expect(answered[0]?.body).toMatchObject({ Status: 'FAILED', Reason: 'The KMS request quota: NoSuchResourceException: No such quota.' });
  expect(asked).toEqual([]);
});

test('asks nothing when it is deleted', async () => {
  const { answered } = await invoke('Delete');
  expect(calls.map(({ operation }) => operation)).toEqual(['PUT']);
  expect(answered[0]?.body).toMatchObject({ Status: 'SUCCESS' });
});

test('fails as a whole where CloudFormation does not take the answer, so that Lambda calls it again', async () => {
  answers = { ...answers, PUT: { status: 503, body: {} } };
  await expect(invoke('Delete')).rejects.toThrow(/refused with 503/);
});
