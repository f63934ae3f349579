import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DigestEndpoint } from '../support/digest-endpoint';
import { DIGESTED, MONDAY, measuredFrom, objectOf } from '../support/digest-week';

/** The bundle as `npm run bundle` wrote it, in a process of its own, against an endpoint that plays CloudWatch and Amazon SNS. */
const BUNDLE = join(__dirname, '..', '..', 'dist', 'lambda', 'encryption-digest', 'index.js');
const CALL = `require(process.env.BUNDLE).handler(JSON.parse(process.env.EVENT))
  .then((answer) => console.log("ANSWER " + JSON.stringify(answer)), (error) => { console.error(error); process.exitCode = 1; });`;
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:alerts';

let endpoint: DigestEndpoint;

beforeEach(async () => {
  endpoint = await new DigestEndpoint().start();
  endpoint.measured = measuredFrom([objectOf(['CompliantObjects']), objectOf(['NonCompliantObjects', 'TaggedObjects'])]);
});

afterEach(() => endpoint.stop());

async function invoke(time = new Date(MONDAY).toISOString()) {
  const env = {
    BUNDLE,
    EVENT: JSON.stringify({ source: 'aws.events', 'detail-type': 'Scheduled Event', time }),
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: endpoint.url,
    DIGESTED_ENFORCERS: JSON.stringify(DIGESTED.slice(0, 1)),
    TOPIC_ARN: TOPIC,
    RUNBOOK_URL: 'https://runbook',
  };
  return (await promisify(execFile)(process.execPath, ['-e', CALL], { env })).stdout;
}

test('publishes to the topic what CloudWatch counted, with the answer as its subject', async () => {
  const stdout = await invoke();
  expect(endpoint.published).toHaveLength(1);
  const [{ Message = '', ...form } = {}] = endpoint.published;
  expect(form).toEqual({
    Action: 'Publish',
    Version: '2010-03-31',
    TopicArn: TOPIC,
    Subject: 'S3 encryption digest: 1 violation; 0 of 168 canaries written',
  });
  expect(Message).toMatch(/^1 violation; 0 of 168 canaries written\.\n\n2026-11-16 to 2026-11-22 \(UTC\)/);
  expect(Message).toContain('\n- verified: 2 (0)\n- as required: 1, 50 % (0)\n');
  expect(Message).toContain('\n- most in: records 1\n');
  expect(stdout).toContain('ANSWER {"sent":"S3 encryption digest: 1 violation; 0 of 168 canaries written"}');
  expect(stdout).toMatch(/"message":"digest sent".*"messageId":"message-1"/);
});

test('while none is due, asks and sends nothing', async () => {
  await expect(invoke('2026-11-24T08:00:00Z')).resolves.toContain('ANSWER {"sent":null}');
  expect([endpoint.asked, endpoint.published]).toEqual([[], []]);
});

test('fails where the topic takes nothing, so that Lambda tries it again, and an alarm goes off', async () => {
  endpoint.snsStatus = 403;
  await expect(invoke()).rejects.toThrow(/AuthorizationError/);
});

test('fails, and sends nothing, where CloudWatch does not answer for everything', async () => {
  endpoint.distort = (answer) => ({ ...answer, MetricDataResults: answer.MetricDataResults.slice(0, -1) });
  await expect(invoke()).rejects.toThrow(/CloudWatch said nothing of e0_caught/);
  expect(endpoint.published).toEqual([]);
});
