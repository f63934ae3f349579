import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { METRICS, RELEASE_ENVIRONMENT } from './domain/contract';
import { EncryptionEnforcer } from './encryption-enforcer';
import { bundledFunction } from './internal/bundled-function';
import { Memory } from './internal/memory';
import { allowPuttingBack, releaseStatements } from './internal/release-permissions';
import { requireDuration, requireRemovalPolicy } from './internal/require-enforcer-props';
import { requireValid } from './internal/require-valid';
import { uniqueName } from './internal/unique-name';

/** Properties of a `QuarantineRelease`. */
export interface QuarantineReleaseProps {
  /** The enforcer whose quarantine is emptied; of the same stack. */
  readonly enforcer: EncryptionEnforcer;

  /**
   * How long one invocation may take, 2 to 15 minutes. Objects over 5 GiB are copied in parts, and what is not done by then goes on in the next
   * invocation; smaller ones take seconds, or for a few GiB up to two minutes.
   *
   * @default Duration.minutes(15)
   */
  readonly timeout?: Duration;

  /**
   * What happens to its log when the stack is deleted. The records of what was released lie in the quarantine bucket.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

const releases = new Memory<string>('quarantine-release');

/**
 * The way back out of quarantine: a function that people invoke, to put an object back under its old key, encrypted as required now, or to delete it
 * before its retention ends.
 *
 * It trusts the receipts of the enforcer, and nothing that an uploader wrote. A dry run comes first, unless the request says otherwise; nothing newer
 * is overwritten, unless the request says so; and each release is done once, and recorded, with who asked for it and why. How to invoke it stands in
 * docs/operator-runbook.md. Whoever may invoke it may take anything out of quarantine.
 */
export class QuarantineRelease extends Construct {
  /** The enforcer whose quarantine is emptied. */
  public readonly enforcer: EncryptionEnforcer;
  /** Releases and discards; see `grantInvoke()`. */
  public readonly handler: lambda.IFunction;
  /** One JSON line for each request, and for each object that was released or discarded. */
  public readonly logGroup: logs.ILogGroup;

  /**
   * Makes the function, with a role that may do nothing else.
   *
   * @throws Error for an enforcer of another stack, one that has a QuarantineRelease, and a timeout out of range
   */
  public constructor(scope: Construct, id: string, props: QuarantineReleaseProps) {
    super(scope, id);
    const { enforcer, timeout = Duration.minutes(15), removalPolicy = RemovalPolicy.RETAIN } = props;
    this.requireOwnEnforcer(enforcer);
    requireRemovalPolicy(this, removalPolicy);
    requireDuration(this, 'timeout', timeout, Duration.minutes(2), Duration.minutes(15));
    this.enforcer = enforcer;
    const { parameterPrefix, quarantineBucket, quarantineKey } = enforcer._guard.parts;
    const stack = Stack.of(this);
    // Named, as the enforcer's, since policies of buckets in other stacks name it. IAM knows no Regions.
    const roleName = `${uniqueName(this, 42)}-${stack.region}`;
    const { handler, logGroup, role } = bundledFunction(this, {
      bundle: 'quarantine-release',
      description: 'Puts objects back from quarantine, encrypted as required, or discards them',
      timeout,
      removalPolicy,
      roleName,
      statements: releaseStatements(stack, enforcer._guard),
      environment: {
        [RELEASE_ENVIRONMENT.enforcerName]: enforcer._name,
        [RELEASE_ENVIRONMENT.rulePrefix]: parameterPrefix.replace(/\/$/, ''),
        [RELEASE_ENVIRONMENT.quarantineBucket]: quarantineBucket.bucketName,
        [RELEASE_ENVIRONMENT.quarantineKeyArn]: quarantineKey.keyArn,
      },
    });
    this.handler = handler;
    this.logGroup = logGroup;
    allowPuttingBack(role, enforcer._guard);
    enforcer._admitRelease(role, roleName);
    enforcer._guard.addFunction(handler.functionName, logGroup);
  }

  /** Lets somebody take anything out of quarantine: IAM knows no part of a request, so also without a dry run. */
  public grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return this.handler.grantInvoke(grantee);
  }

  /** Objects that were put back. By default the sum over five minutes. */
  public metricReleasedObjects(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.enforcer._metric(METRICS.releasedObjects, options);
  }

  /** Objects that were deleted in quarantine before their retention ended. By default the sum over five minutes. */
  public metricDiscardedObjects(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.enforcer._metric(METRICS.discardedObjects, options);
  }

  private requireOwnEnforcer(enforcer: EncryptionEnforcer): void {
    requireValid(this, enforcer instanceof EncryptionEnforcer, {
      what: 'enforcer must be an EncryptionEnforcer',
      value: String(enforcer),
      remedy: 'Pass the one whose quarantine is to be emptied.',
    });
    requireValid(this, Stack.of(enforcer) === Stack.of(this), {
      what: 'what releases must be in the stack of its enforcer, since each needs something of the other',
      value: enforcer.node.path,
      remedy: 'Make it in that stack.',
    });
    const other = releases.of(enforcer);
    requireValid(this, other === undefined, {
      what: `the enforcer has a QuarantineRelease, ${other}`,
      value: enforcer.node.path,
      remedy: 'One is enough: grantInvoke() lets in whoever is to use it.',
    });
    releases.set(enforcer, this.node.path);
  }
}
