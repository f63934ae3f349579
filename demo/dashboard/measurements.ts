import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';

/** Data points of one metric, as CloudWatch would have them. */
export interface Measurement {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** When, in milliseconds, and how much. */
  readonly points: (readonly [at: number, value: number])[];
}

interface EmbeddedMetrics {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
  };
  readonly [field: string]: unknown;
}

export class Measurements {
  private readonly all = new Map<string, Measurement>();

  add(namespace: string, metric: string, dimensions: Readonly<Record<string, string>>, at: number, value: number): void {
    const key = JSON.stringify([namespace, metric, Object.entries(dimensions).sort()]);
    const measurement = this.all.get(key) ?? { namespace, metric, dimensions, points: [] };
    measurement.points.push([at, value]);
    this.all.set(key, measurement);
  }

  /** Lines of the embedded metric format, which CloudWatch would read itself, and what Lambda reports of each invocation. */
  async addLog(logGroupName: string, functionName: string): Promise<void> {
    let nextToken: string | undefined;
    do {
      const page = await new CloudWatchLogsClient({}).send(new FilterLogEventsCommand({ logGroupName, nextToken }));
      for (const { message = '', timestamp = 0 } of page.events ?? []) {
        if (message.startsWith('{') && message.includes('"_aws"')) this.addEmbedded(JSON.parse(message));
        const [, duration] = /^REPORT .*?\tDuration: ([\d.]+) ms/.exec(message) ?? [];
        if (duration !== undefined) this.add('AWS/Lambda', 'Duration', { FunctionName: functionName }, timestamp, Number(duration));
      }
      nextToken = page.nextToken;
    } while (nextToken);
  }

  async addQueue(queueUrl: string, queueName: string): Promise<void> {
    const client = new SQSClient({ useQueueUrlAsEndpoint: false });
    const { Attributes = {} } = await client.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }));
    const at = Date.now();
    const add = (metric: string, attribute: 'ApproximateNumberOfMessages' | 'ApproximateNumberOfMessagesNotVisible') =>
      this.add('AWS/SQS', metric, { QueueName: queueName }, at, Number(Attributes[attribute]));
    add('ApproximateNumberOfMessagesVisible', 'ApproximateNumberOfMessages');
    add('ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesNotVisible');
  }

  /** With names as the template refers to them, and times in seconds since the beginning. */
  relativeTo(beginning: number, names: ReadonlyMap<string, string>): Measurement[] {
    return [...this.all.values()].map(({ dimensions, points, ...metric }) => ({
      ...metric,
      dimensions: Object.fromEntries(Object.entries(dimensions).map(([name, value]) => [name, names.get(value) ?? value])),
      points: points.map(([at, value]) => [Math.round((at - beginning) / 100) / 10, Math.round(value)] as const),
    }));
  }

  private addEmbedded(line: EmbeddedMetrics): void {
    for (const { Namespace, Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
      for (const names of Dimensions) {
        const dimensions = Object.fromEntries(names.map((name) => [name, String(line[name])]));
        for (const { Name } of Metrics) {
          for (const value of [line[Name]].flat()) this.add(Namespace, Name, dimensions, line._aws.Timestamp, Number(value));
        }
      }
    }
  }
}
