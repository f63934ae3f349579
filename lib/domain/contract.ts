/**
 * Names that others build on: metrics, events, tags, and the function's environment. Written once, read by the
 * constructs and by the function, so that they cannot drift. Renaming one is a breaking change.
 */
export const METRICS = {
  namespace: 'S3EncryptionGuard',
  /** Its value is the name of the enforcer. */
  enforcerDimension: 'service',
  bucketDimension: 'Bucket',
  compliantObjects: 'CompliantObjects',
  nonCompliantObjects: 'NonCompliantObjects',
  /** Violations for want of evidence; counted in NonCompliantObjects as well. */
  unverifiableObjects: 'UnverifiableObjects',
  /** Violations where less was done than configured. */
  reducedActions: 'ReducedActions',
  /** Objects that are not as required, and spared by an exemption. */
  exemptObjects: 'ExemptObjects',
  /** Objects that were gone before anybody could look at them. */
  goneObjects: 'GoneObjects',
} as const;

export const VIOLATION_EVENT = {
  source: 'cdk-s3-encryption-guard',
  detailType: 'S3 Object Encryption Violation',
} as const;

/** Tag of an object that failed verification; its value is the reason. */
export const VIOLATION_TAG = 's3-encryption-guard:violation';

export const ENVIRONMENT = {
  /** Name of the enforcer: dimension of its metrics. */
  enforcerName: 'ENFORCER_NAME',
  /** The rule of a bucket is the SSM parameter `<prefix>/<bucket name>`. */
  rulePrefix: 'RULE_PARAMETER_PREFIX',
  quarantineBucket: 'QUARANTINE_BUCKET',
  quarantineKeyArn: 'QUARANTINE_KEY_ARN',
} as const;

export function ruleParameterName(prefix: string, bucketName: string): string {
  return `${prefix}/${bucketName}`;
}
