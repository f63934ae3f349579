import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { requireValid } from './require-valid';

export interface CheckedEnforcerProps {
  readonly retention: Duration;
  readonly maxReceiveCount: number;
  readonly maxConcurrency: number;
  readonly maxVerificationAge: Duration;
  readonly removalPolicy: RemovalPolicy;
  readonly crossAccountKeys?: readonly unknown[];
  readonly securityHubFindings?: boolean;
}

/** @throws Error for what SQS, Lambda, S3 or CloudWatch would refuse, or take for something else */
export function requireEnforcerProps(scope: IConstruct, props: CheckedEnforcerProps): void {
  const { retention, maxReceiveCount, maxConcurrency, maxVerificationAge } = props;
  const { crossAccountKeys = [], securityHubFindings = false } = props;
  const isDuration = retention instanceof Duration;
  const days = isDuration && !retention.isUnresolved() ? retention.toDays({ integral: false }) : 1;
  requireValid(scope, isDuration && Number.isInteger(days) && days >= 1, {
    what: 'quarantineRetention must be whole days, at least one',
    value: String(retention),
    remedy: 'Use Duration.days().',
  });
  requireWholeNumber(scope, 'maxReceiveCount', maxReceiveCount, 1);
  requireWholeNumber(scope, 'maxConcurrency', maxConcurrency, 2);
  // From then on a throttled object is given up, and lies among the dead letters.
  requireDuration(scope, 'maxVerificationAge', maxVerificationAge, Duration.minutes(1), Duration.days(3));
  requireRemovalPolicy(scope, props.removalPolicy);
  requireValid(scope, Array.isArray(crossAccountKeys), {
    what: 'crossAccountKeys is no list of KMS keys',
    value: readableOf(crossAccountKeys),
    remedy: 'Pass a list, also of one key, or leave it out.',
  });
  // Any text would be taken for yes, 'no' and 'false' too.
  requireValid(scope, typeof securityHubFindings === 'boolean', {
    what: 'securityHubFindings is neither true nor false',
    value: readableOf(securityHubFindings),
    remedy: 'Pass true or false, or leave it out.',
  });
}

export function requireRemovalPolicy(scope: IConstruct, removalPolicy: RemovalPolicy): void {
  requireValid(scope, Object.values(RemovalPolicy).includes(removalPolicy), {
    what: 'removalPolicy is none of the AWS CDK',
    value: readableOf(removalPolicy),
    remedy: 'Use one of RemovalPolicy.RETAIN, RemovalPolicy.DESTROY, or leave it out.',
  });
}

/** A construct has no end in JSON. */
function readableOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? String(value) : value;
}

/** @throws Error for what is no Duration from `least` to `most`, or not known at synth: thresholds of alarms are calculated from it */
export function requireDuration(scope: IConstruct, name: string, value: Duration, least: Duration, most: Duration): void {
  const seconds = value instanceof Duration && !value.isUnresolved() ? value.toSeconds({ integral: false }) : Number.NaN;
  requireValid(scope, Number.isInteger(seconds) && seconds >= least.toSeconds() && seconds <= most.toSeconds(), {
    what: `${name} must be a Duration of whole seconds from ${least.toHumanString()} to ${most.toHumanString()}`,
    value: value instanceof Duration ? value.toHumanString() : String(value),
    remedy: 'Choose one in that range, or leave it out.',
  });
}

function requireWholeNumber(scope: IConstruct, name: string, value: number, least: number): void {
  requireValid(scope, Token.isUnresolved(value) || (Number.isInteger(value) && value >= least && value <= 1000), {
    what: `${name} must be a whole number from ${least} to 1000`,
    value,
    remedy: 'Choose one in that range, or leave it out.',
  });
}
