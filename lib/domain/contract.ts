/**
 * Names that others build on: metrics, events, tags, and the function's environment. Written once, read by the
 * constructs and by the function, so that they cannot drift. Renaming one is a breaking change.
 */
export const METRICS = {
  namespace: 'S3EncryptionGuard',
  /** Its value is the name of the enforcer. */
  enforcerDimension: 'service',
  bucketDimension: 'Bucket',
  /** How the object is encrypted, as observed. Only of verdicts. */
  schemeDimension: 'Scheme',
  compliantObjects: 'CompliantObjects',
  nonCompliantObjects: 'NonCompliantObjects',
  /** Violations for want of evidence; counted in NonCompliantObjects as well. */
  unverifiableObjects: 'UnverifiableObjects',
  /** Violations where less was done than configured. */
  reducedActions: 'ReducedActions',
  /** Objects that are not as required, and spared by an exemption. */
  exemptObjects: 'ExemptObjects',
  /** What was done about violations. */
  reportedObjects: 'ReportedObjects',
  taggedObjects: 'TaggedObjects',
  quarantinedObjects: 'QuarantinedObjects',
  reencryptedObjects: 'ReencryptedObjects',
  /** Milliseconds from the event of S3 to the verdict; of events that came late, the time they took. */
  verificationAge: 'VerificationAge',
  /** The same of objects that have no verdict yet, or no end, since AWS throttles: they wait in the queue. */
  throttledAge: 'ThrottledAge',
  /** The same of large objects, whose move to quarantine goes on. */
  unfinishedAge: 'UnfinishedAge',
  /** Objects that were gone before anybody could look at them. */
  goneObjects: 'GoneObjects',
  /** Objects that were put back from quarantine, and that were deleted there before their time. */
  releasedObjects: 'ReleasedObjects',
  discardedObjects: 'DiscardedObjects',
  /** 1 for a wrong object of the canary that was moved to quarantine in time, 0 for one that was not. */
  canaryCaught: 'CanaryCaught',
} as const;

/** Their details are described by schemas/events.v1.schema.json. */
export const EVENTS = {
  source: 'cdk-s3-encryption-guard',
  /** Of the details. A field that is added does not change it. */
  version: '1',
  /** One for each violation, whatever is done about it. */
  violation: 'S3 Object Encryption Violation',
  /** In addition, where the object was moved. */
  quarantined: 'S3 Object Quarantined',
  /** In addition, where it, or a copy in its place, was encrypted as required. */
  reencrypted: 'S3 Object Re-encrypted',
  /** Put back from quarantine, encrypted as required, or spared by an exemption. */
  released: 'S3 Object Released',
  /** Deleted in quarantine, for good, before its time. */
  discarded: 'S3 Object Discarded',
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
  /** Where messages wait that are sent anew. */
  eventQueueUrl: 'EVENT_QUEUE_URL',
  largeObjectQueueUrl: 'LARGE_OBJECT_QUEUE_URL',
  /** What the messages of that queue name as their source. */
  largeObjectQueueArn: 'LARGE_OBJECT_QUEUE_ARN',
} as const;

/** Of the function that makes findings of violations. */
export const FINDINGS_ENVIRONMENT = {
  /** Under which Security Hub files findings that an account makes itself; it names partition, Region and account. */
  productArn: 'PRODUCT_ARN',
  /** Where a finding says what to do. */
  runbookUrl: 'RUNBOOK_URL',
} as const;

/** Of the function that releases and discards. */
export const RELEASE_ENVIRONMENT = {
  enforcerName: ENVIRONMENT.enforcerName,
  rulePrefix: ENVIRONMENT.rulePrefix,
  quarantineBucket: ENVIRONMENT.quarantineBucket,
  quarantineKeyArn: ENVIRONMENT.quarantineKeyArn,
} as const;

/** Of the canary's function. */
export const CANARY_ENVIRONMENT = {
  /** Name of the enforcer that must catch it: dimension of its metric. */
  enforcerName: 'ENFORCER_NAME',
  bucket: 'CANARY_BUCKET',
  /** How long the enforcer has to catch a wrong object. */
  patienceSeconds: 'PATIENCE_SECONDS',
} as const;

/** Of the function that makes the weekly digest. */
export const DIGEST_ENVIRONMENT = {
  /** JSON: lib/domain/digested-enforcer.ts. */
  enforcers: 'DIGESTED_ENFORCERS',
  topicArn: 'TOPIC_ARN',
  /** Where the digest says what its lines mean. */
  runbookUrl: 'RUNBOOK_URL',
  /** Of the dashboard that it links to, if there is one. */
  dashboardName: 'DASHBOARD_NAME',
} as const;

export function ruleParameterName(prefix: string, bucketName: string): string {
  return `${prefix}/${bucketName}`;
}
