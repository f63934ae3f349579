import { FINDINGS_ENVIRONMENT } from '../../lib/domain/contract';
import { type Environment, variablesIn } from '../shared/environment';

/** Where findings are filed, and what they say of themselves. */
export interface FindingsConfig {
  readonly productArn: string;
  readonly partition: string;
  readonly region: string;
  /** That of the call: Security Hub takes no finding of another one. */
  readonly account: string;
  readonly runbookUrl: string;
}

/** @throws Error for a missing variable, and for one that is no ARN of a product */
export function loadConfig(env: Environment): FindingsConfig {
  const { productArn, runbookUrl } = variablesIn(env, FINDINGS_ENVIRONMENT, 'an EncryptionEnforcer');
  const [, partition, region, account] = /^arn:([\w-]+):securityhub:([\w-]+):(\d{12}):product\/\3\/default$/.exec(productArn) ?? [];
  if (partition === undefined || region === undefined || account === undefined)
    throw new Error(`${FINDINGS_ENVIRONMENT.productArn} is ${productArn}, and must be the ARN of an account's own product.`);
  return { productArn, partition, region, account, runbookUrl };
}
