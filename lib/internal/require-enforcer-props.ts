import { Duration, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { requireValid } from './require-valid';

/** @throws Error for a retention that is not whole days, and for counts out of the range that SQS and Lambda take */
export function requireEnforcerProps(enforcer: IConstruct, retention: Duration, maxReceiveCount: number, maxConcurrency: number): void {
  const isDuration = retention instanceof Duration;
  const days = isDuration && !retention.isUnresolved() ? retention.toDays({ integral: false }) : 1;
  requireValid(enforcer, isDuration && Number.isInteger(days) && days >= 1, {
    what: 'quarantineRetention must be whole days, at least one',
    value: String(retention),
    remedy: 'Use Duration.days().',
  });
  requireWholeNumber(enforcer, 'maxReceiveCount', maxReceiveCount, 1);
  requireWholeNumber(enforcer, 'maxConcurrency', maxConcurrency, 2);
}

function requireWholeNumber(scope: IConstruct, name: string, value: number, least: number): void {
  requireValid(scope, Token.isUnresolved(value) || (Number.isInteger(value) && value >= least && value <= 1000), {
    what: `${name} must be a whole number from ${least} to 1000`,
    value,
    remedy: 'Choose one in that range, or leave it out.',
  });
}
