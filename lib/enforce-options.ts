import type { EnforcementAction } from './enforcement-action';
import type { EventSource } from './event-source';
import type { ObjectEncryption } from './object-encryption';

/** What an enforcer verifies of one bucket. */
export interface EnforceOptions {
  /** Encryption that each object must have. */
  readonly encryption: ObjectEncryption;
  /** What to do with an object that fails verification. */
  readonly action: EnforcementAction;

  /**
   * ARNs of the roles that replicate objects into the bucket, with their tags. Tags that others replicate are refused, since the enforcer's tag
   * could be among them, or missing.
   *
   * @default - none
   */
  readonly replicationRoles?: string[];

  /**
   * How S3 tells the enforcer of new objects.
   *
   * @default EventSource.EVENT_BRIDGE
   */
  readonly eventSource?: EventSource;
}
