import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';

/** What an enforcer is made of, by the names under which calls that change it would have it. */
export interface EnforcerParts {
  /** Names of its SSM parameters begin with it. */
  readonly parameterPrefix: string;
  /** Names of its EventBridge rules begin with it. */
  readonly ruleNamePrefix: string;
  readonly functionNames: readonly string[];
  readonly queues: readonly sqs.IQueue[];
  readonly alarms: readonly cloudwatch.Alarm[];
  /** At which its alarms go off. */
  readonly maxVerificationAge: Duration;
  readonly quarantineBucket: s3.IBucket;
  readonly quarantineKey: kms.IKey;
  readonly logGroup: logs.ILogGroup;
}

type Listener = (bucket: s3.IBucket, keys: readonly kms.IKey[]) => void;
type FunctionListener = (functionName: string, logGroup: logs.ILogGroup) => void;

/** Of one enforcer, for whoever watches over it. */
export class GuardResources {
  private readonly buckets: Parameters<Listener>[] = [];
  private readonly listeners: Listener[] = [];
  private readonly functions: Parameters<FunctionListener>[] = [];
  private readonly functionListeners: FunctionListener[] = [];

  constructor(readonly parts: EnforcerParts) {}

  /** @param keys - under which its objects may be encrypted, its own or not */
  addBucket(bucket: s3.IBucket, keys: readonly kms.IKey[]): void {
    this.buckets.push([bucket, keys]);
    for (const listener of this.listeners) listener(bucket, keys);
  }

  /** Called for each bucket that the enforcer guards, and for each that is added later. */
  onBucket(listener: Listener): void {
    this.listeners.push(listener);
    for (const [bucket, keys] of this.buckets) listener(bucket, keys);
  }

  /** A function that others make for it, and that may change what it guards. */
  addFunction(functionName: string, logGroup: logs.ILogGroup): void {
    this.functions.push([functionName, logGroup]);
    for (const listener of this.functionListeners) listener(functionName, logGroup);
  }

  /** Called for each of these, and for each that is added later. */
  onFunction(listener: FunctionListener): void {
    this.functionListeners.push(listener);
    for (const [functionName, logGroup] of this.functions) listener(functionName, logGroup);
  }
}
