import { ENVIRONMENT } from '../../lib/domain/contract';
import { type Environment, variablesIn } from '../shared/environment';
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

/** @throws Error that names each variable that is missing */
export function loadConfig(env: Environment): EnforcerConfig {
  const given = variablesIn(env, ENVIRONMENT, 'an EncryptionEnforcer');
  return {
    enforcerName: given.enforcerName,
    rulePrefix: given.rulePrefix,
    quarantine: { bucket: given.quarantineBucket, keyArn: given.quarantineKeyArn },
    queues: {
      urls: { events: given.eventQueueUrl, 'large-objects': given.largeObjectQueueUrl },
      largeObjectsArn: given.largeObjectQueueArn,
    },
  };
}
