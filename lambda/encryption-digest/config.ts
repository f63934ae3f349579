import { DIGEST_ENVIRONMENT } from '../../lib/domain/contract';
import { type DigestedEnforcer, decodeDigestedEnforcers } from '../../lib/domain/digested-enforcer';
import { type Environment, variablesIn } from '../shared/environment';

export interface DigestConfig {
  readonly enforcers: readonly DigestedEnforcer[];
  readonly topicArn: string;
  readonly runbookUrl: string;
  readonly dashboardName?: string;
}

const { dashboardName: DASHBOARD_NAME, ...REQUIRED } = DIGEST_ENVIRONMENT;

/** @throws Error that names each variable that is missing, and for a list of enforcers that is none */
export function loadConfig(env: Environment): DigestConfig {
  const { enforcers, topicArn, runbookUrl } = variablesIn(env, REQUIRED, 'an EncryptionDigest');
  const dashboardName = env[DASHBOARD_NAME];
  return {
    enforcers: decodeDigestedEnforcers(enforcers),
    topicArn,
    runbookUrl,
    ...(dashboardName ? { dashboardName } : {}),
  };
}
