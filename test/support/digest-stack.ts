import type { Stack } from 'aws-cdk-lib';
import { AlertTopic, EncryptionDigest, type EncryptionDigestProps, EncryptionEnforcer } from '../../lib';

/** A digest, with an enforcer and a topic of its own where none are given. */
export function digestIn(stack: Stack, props: Partial<EncryptionDigestProps> = {}): EncryptionDigest {
  const enforcers = props.enforcers ?? [new EncryptionEnforcer(stack, 'Enforcer')];
  const alertTopic = props.alertTopic ?? new AlertTopic(stack, 'Alerts');
  return new EncryptionDigest(stack, 'Digest', { ...props, enforcers, alertTopic });
}
