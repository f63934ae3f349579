import { FINDINGS_ENVIRONMENT } from '../../lib/domain/contract';

/** Where findings are filed, and what they say of themselves. */
export interface FindingsConfig {
  readonly productArn: string;
  readonly partition: string;
  readonly region: string;
  /** That of the call: Security Hub takes no finding of another one. */
  readonly account: string;
  readonly runbookUrl: string;
}

/** @throws Error for a missing variable, and for one that is no ARN of a product: at the cold start */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): FindingsConfig {
  const productArn = required(env, FINDINGS_ENVIRONMENT.productArn);
  const [, partition, region, account] = /^arn:([\w-]+):securityhub:([\w-]+):(\d{12}):product\/\3\/default$/.exec(productArn) ?? [];
  if (partition === undefined || region === undefined || account === undefined)
    throw new Error(`${FINDINGS_ENVIRONMENT.productArn} is ${productArn}, and must be the ARN of an account's own product.`);
  return { productArn, partition, region, account, runbookUrl: required(env, FINDINGS_ENVIRONMENT.runbookUrl) };
}

function required(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`The environment variable ${name} is missing.`);
  return value;
}
