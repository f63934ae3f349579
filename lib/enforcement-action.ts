/** What to do with an object that fails verification. */
export enum EnforcementAction {
  /** Log it, count it, and send one EventBridge event. The object is not touched. */
  REPORT = 'report',
  /** Report it, and tag the object `s3-encryption-guard:violation` with the reason. */
  TAG = 'tag',
  /** Report it, and move the object version to the quarantine bucket; tag it where it cannot be moved. */
  QUARANTINE = 'quarantine',
  /**
   * Report it, and encrypt it as required where it is: in place by UpdateObjectEncryption where S3 allows that
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/update-sse-encryption.html), else by a copy of the current version onto itself, whose
   * original then goes to quarantine. What cannot be mended is quarantined: non-current versions that S3 does not change in place, and objects
   * over 5 GiB. Of what is accepted, an object gets the first that S3 can give it, under its first key: never SSE-C, and client-side encryption
   * only where the client did its part, and what S3 does beneath is wrong. Where nothing is left, it is quarantined.
   */
  REENCRYPT = 'reencrypt',
}
