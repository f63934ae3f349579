import type { IConstruct } from 'constructs';
import type { EnforceOptions } from '../enforce-options';
import { EnforcementAction } from '../enforcement-action';
import { EventSource } from '../event-source';
import { requireObjectEncryption } from './require-object-encryption';
import { requireValid } from './require-valid';

/** For callers that no compiler checks. */
export function requireEnforceOptions(enforcer: IConstruct, options: EnforceOptions): void {
  requireObjectEncryption(enforcer, options?.encryption);
  const { action, eventSource } = options;
  requireValid(enforcer, Object.values(EnforcementAction).includes(action), {
    what: 'enforce() needs to be told what to do with objects that fail verification',
    value: action,
    remedy: `Pass action: one of EnforcementAction.${Object.keys(EnforcementAction).join(', EnforcementAction.')}.`,
  });
  requireValid(enforcer, eventSource === undefined || Object.values(EventSource).includes(eventSource), {
    what: 'eventSource is none that S3 has',
    value: eventSource,
    remedy: `Use EventSource.${Object.keys(EventSource).join(' or EventSource.')}.`,
  });
}
