import { RELEASE_ENVIRONMENT } from '../../lib/domain/contract';
import { type Environment, variablesIn } from '../shared/environment';

export interface ReleaseConfig {
  readonly enforcerName: string;
  readonly rulePrefix: string;
  readonly quarantine: { readonly bucket: string; readonly keyArn: string };
}

/** @throws Error that names each variable that is missing */
export function loadConfig(env: Environment): ReleaseConfig {
  const { enforcerName, rulePrefix, quarantineBucket, quarantineKeyArn } = variablesIn(env, RELEASE_ENVIRONMENT, 'a QuarantineRelease');
  return { enforcerName, rulePrefix, quarantine: { bucket: quarantineBucket, keyArn: quarantineKeyArn } };
}
