import { DIGEST_ENVIRONMENT } from '../../lib/domain/contract';
import { type DigestedEnforcer, decodeDigestedEnforcers } from '../../lib/domain/digested-enforcer';

export interface DigestConfig {
  readonly enforcers: readonly DigestedEnforcer[];
  readonly topicArn: string;
  readonly runbookUrl: string;
  readonly dashboardName?: string;
}

/** @throws Error for a variable that is missing, and for a list of enforcers that is none: at the cold start */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): DigestConfig {
  const dashboardName = env[DIGEST_ENVIRONMENT.dashboardName];
  return {
    enforcers: decodeDigestedEnforcers(required(env, DIGEST_ENVIRONMENT.enforcers)),
    topicArn: required(env, DIGEST_ENVIRONMENT.topicArn),
    runbookUrl: required(env, DIGEST_ENVIRONMENT.runbookUrl),
    ...(dashboardName ? { dashboardName } : {}),
  };
}

const REMEDY = 'Deploy the function with the EncryptionDigest construct.';

function required(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`The environment variable ${name} is missing. ${REMEDY}`);
  return value;
}
