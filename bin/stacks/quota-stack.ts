import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { KmsQuotaIncrease } from '../../lib';
import type { QuotaIncreaseConfig } from '../config/guard-config';

export interface QuotaStackProps extends StackProps {
  readonly config: QuotaIncreaseConfig;
}

/** Asks AWS for a higher request quota of KMS. Apart from all else: where AWS refuses, nothing but this fails; and no local engine has Service Quotas. */
export class QuotaStack extends Stack {
  readonly increase: KmsQuotaIncrease;

  constructor(scope: Construct, id: string, { config, ...props }: QuotaStackProps) {
    super(scope, id, props);
    this.increase = new KmsQuotaIncrease(this, 'Increase', {
      requestsPerSecond: config.requestsPerSecond,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    new CfnOutput(this, 'Outcome', { value: this.increase.outcome });
  }
}
