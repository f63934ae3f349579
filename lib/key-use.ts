/** What somebody does with a KMS key, through S3. */
export enum KeyUse {
  /** Reads objects. */
  READ = 'read',
  /** Writes objects, in parts too. */
  WRITE = 'write',
  /** Replicates objects out of a bucket. */
  REPLICATE_FROM = 'replicate-from',
  /** Replicates objects into a bucket. */
  REPLICATE_TO = 'replicate-to',
  /**
   * Changes the key of objects where they lie. S3 takes keys of the bucket's own account only
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/update-sse-encryption.html).
   */
  UPDATE_OBJECT_ENCRYPTION = 'update-object-encryption',
}
