/** What to do with an object that fails verification. */
export enum EnforcementAction {
  /** Log it, count it, and send one EventBridge event. The object is not touched. */
  REPORT = 'report',
  /** Report it, and tag the object `s3-encryption-guard:violation` with the reason. */
  TAG = 'tag',
  /** Report it, and move the object version to the quarantine bucket; tag it where it cannot be moved. */
  QUARANTINE = 'quarantine',
}
