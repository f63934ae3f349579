import { RELEASE_ENVIRONMENT } from '../../lib/domain/contract';

export interface ReleaseConfig {
  readonly enforcerName: string;
  readonly rulePrefix: string;
  readonly quarantine: { readonly bucket: string; readonly keyArn: string };
}

/** @throws Error that names each variable that is missing; the function then fails at cold start */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): ReleaseConfig {
  const missing = Object.values(RELEASE_ENVIRONMENT).filter((name) => !env[name]);
  if (missing.length > 0) {
    throw new Error(`Environment variables are missing: ${missing.join(', ')}. Deploy the function with the QuarantineRelease construct.`);
  }
  const value = (name: string) => env[name] ?? '';
  return {
    enforcerName: value(RELEASE_ENVIRONMENT.enforcerName),
    rulePrefix: value(RELEASE_ENVIRONMENT.rulePrefix),
    quarantine: { bucket: value(RELEASE_ENVIRONMENT.quarantineBucket), keyArn: value(RELEASE_ENVIRONMENT.quarantineKeyArn) },
  };
}
