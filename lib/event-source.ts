/** How S3 tells an enforcer of new objects. */
export enum EventSource {
  /**
   * By Amazon EventBridge, beside whatever else the bucket notifies. What cannot be delivered within 24 hours lies in a queue with an
   * alarm.
   */
  EVENT_BRIDGE = 'event-bridge',

  /**
   * By an event notification of the bucket, straight into the queue of the enforcer: for accounts that do not use EventBridge. The enforcer
   * then owns the notifications of the bucket, and has to be in the same stack.
   */
  S3_NOTIFICATION = 's3-notification',
}
