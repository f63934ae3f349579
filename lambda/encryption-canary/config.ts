import { CANARY_ENVIRONMENT } from '../../lib/domain/contract';
import { type Environment, unusable, variablesIn } from '../shared/environment';

export interface CanaryConfig {
  readonly enforcerName: string;
  readonly bucket: string;
  readonly patienceMillis: number;
}

const CONSTRUCT = 'an EncryptionCanary';

/** @throws Error that names each variable that is missing or no number */
export function loadConfig(env: Environment): CanaryConfig {
  const { enforcerName, bucket, patienceSeconds } = variablesIn(env, CANARY_ENVIRONMENT, CONSTRUCT);
  const patienceMillis = Number(patienceSeconds) * 1000;
  if (!(patienceMillis > 0)) throw unusable([CANARY_ENVIRONMENT.patienceSeconds], CONSTRUCT);
  return { enforcerName, bucket, patienceMillis };
}
