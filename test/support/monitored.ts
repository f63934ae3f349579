import type { Stack } from 'aws-cdk-lib';
import { EncryptionCanary, EncryptionEnforcer, EncryptionMonitoring, type EncryptionMonitoringProps } from '../../lib';

/** An enforcer with its canary, and what watches them. */
export function monitor(stack: Stack, props: Partial<EncryptionMonitoringProps> = {}) {
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
  const canary = new EncryptionCanary(stack, 'Canary', { enforcer });
  const monitoring = new EncryptionMonitoring(stack, 'Monitoring', { enforcers: [enforcer], canaries: [canary], ...props });
  return { enforcer, canary, monitoring };
}
