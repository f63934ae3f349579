import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { CannotRun } from './cannot-run';
import type { Engine } from './engine';

const ANSWERS_WITHIN_MILLIS = 15_000;
const OF_AWS = /(^|\.)(amazonaws\.(com|com\.cn|eu)|amazon\.com|amazonwebservices\.com|aws|aws\.dev)$/;

/**
 * The engine that a person wants used, from AWS_ENDPOINT_URL.
 *
 * @throws CannotRun for an endpoint of AWS itself: this demo makes keys and buckets, and breaks rules on purpose
 */
export function givenEndpoint(value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new CannotRun(`AWS_ENDPOINT_URL is ${shown(value)}, which is no http or https address`, 'Correct it, or unset it.');
  }
  if (OF_AWS.test(url.hostname.replace(/\.$/, ''))) {
    throw new CannotRun(
      `AWS_ENDPOINT_URL points to AWS itself (${url.hostname}), and the demo never touches a real account`,
      'Unset it to use the local engine, or name the address of another.',
    );
  }
  // It would be printed, and stand in the report; and requests carry a signature where it would have to stand.
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new CannotRun(
      `AWS_ENDPOINT_URL names more than the address of ${url.host}, and requests to the engine can carry no more`,
      'Leave out user name, password, and what follows ? or #.',
    );
  }
  return url.href.replace(/\/$/, '');
}

/** Only what cannot hold a secret is shown: passwords stand before an @, tokens after ? or #. */
function shown(address: string): string {
  return /[@?#]/.test(address) ? 'something that may hold a secret' : address;
}

/** An engine that somebody else runs: it is not ours to end. */
export function givenEngine(endpoint: string): Engine {
  return { endpoint, workarounds: [], dead: new AbortController().signal, stop: async () => {} };
}

/** Asks each service that the demo needs for a list. What the engine then does with objects, `limits.ts` finds out. */
export async function requireServices(endpoint: string): Promise<void> {
  const abortSignal = AbortSignal.timeout(ANSWERS_WITHIN_MILLIS);
  const requests: Readonly<Record<string, () => Promise<unknown>>> = {
    CloudFormation: () => new CloudFormationClient({}).send(new ListStacksCommand({}), { abortSignal }),
    S3: () => new S3Client({ forcePathStyle: true }).send(new ListBucketsCommand({}), { abortSignal }),
    KMS: () => new KMSClient({}).send(new ListKeysCommand({}), { abortSignal }),
    SQS: () => new SQSClient({}).send(new ListQueuesCommand({}), { abortSignal }),
    EventBridge: () => new EventBridgeClient({}).send(new ListRulesCommand({}), { abortSignal }),
    SSM: () => new SSMClient({}).send(new GetParametersByPathCommand({ Path: '/' }), { abortSignal }),
    'CloudWatch Logs': () => new CloudWatchLogsClient({}).send(new DescribeLogGroupsCommand({}), { abortSignal }),
  };
  for (const [service, request] of Object.entries(requests)) {
    await request().catch((error: Error) => {
      throw new CannotRun(
        `the engine at ${endpoint} gives no answer for ${service} (${firstLine(error)})`,
        'Start it, or unset AWS_ENDPOINT_URL to have one started.',
      );
    });
  }
}

function firstLine(error: Error): string {
  const cause = error as { code?: string; message: string };
  return (cause.message || cause.code || error.name).split('\n')[0] ?? error.name;
}
