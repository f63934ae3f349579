import { ENVIRONMENT } from '../../lib/domain/contract';
import type { QueueName } from './resend';

export interface EnforcerConfig {
  readonly enforcerName: string;
  readonly rulePrefix: string;
  readonly quarantine: QuarantineConfig;
  readonly queues: QueueConfig;
}

export interface QueueConfig {
  readonly urls: Readonly<Record<QueueName, string>>;
  readonly largeObjectsArn: string;
}

export interface QuarantineConfig {
  readonly bucket: string;
  readonly keyArn: string;
}

/** @throws Error that names each variable that is missing; the function then fails at cold start */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): EnforcerConfig {
  const missing = Object.values(ENVIRONMENT).filter((name) => !env[name]);
  if (missing.length > 0) {
    throw new Error(`Environment variables are missing: ${missing.join(', ')}. Deploy the function with the EncryptionEnforcer construct.`);
  }
  const value = (name: string) => env[name] ?? '';
  return {
    enforcerName: value(ENVIRONMENT.enforcerName),
    rulePrefix: value(ENVIRONMENT.rulePrefix),
    quarantine: { bucket: value(ENVIRONMENT.quarantineBucket), keyArn: value(ENVIRONMENT.quarantineKeyArn) },
    queues: {
      urls: { events: value(ENVIRONMENT.eventQueueUrl), 'large-objects': value(ENVIRONMENT.largeObjectQueueUrl) },
      largeObjectsArn: value(ENVIRONMENT.largeObjectQueueArn),
    },
  };
}
