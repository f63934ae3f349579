import { CANARY_ENVIRONMENT } from '../../lib/domain/contract';

export interface CanaryConfig {
  readonly enforcerName: string;
  readonly bucket: string;
  readonly patienceMillis: number;
}

/** @throws Error that names each variable that is missing or no number; the function then fails at cold start */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): CanaryConfig {
  const value = (name: string) => env[name] ?? '';
  const patienceMillis = Number(value(CANARY_ENVIRONMENT.patienceSeconds)) * 1000;
  const unusable = Object.values(CANARY_ENVIRONMENT).filter((name) => value(name) === '');
  if (unusable.length === 0 && !(patienceMillis > 0)) unusable.push(CANARY_ENVIRONMENT.patienceSeconds);
  if (unusable.length > 0) {
    throw new Error(
      `Environment variables are missing or unusable: ${unusable.join(', ')}. Deploy the function with the EncryptionCanary construct.`,
    );
  }
  return { enforcerName: value(CANARY_ENVIRONMENT.enforcerName), bucket: value(CANARY_ENVIRONMENT.bucket), patienceMillis };
}
