/** From when on a person should look why something waits: alarms go off then, and the weekly digest says so. Beside `maxVerificationAge`. */
export const LATE_MILLIS = {
  /** In the queue of events. Older than one round of retries: something does not keep up, or keeps failing. */
  queued: 15 * 60_000,
  /** In the queue of large objects. Each message is short; that one waits means that others take all of the few places. */
  queuedLarge: 60 * 60_000,
  /** On the way to quarantine: that is a twentieth of a TB an hour for the largest there are, 50 TB. */
  unfinished: 24 * 60 * 60_000,
} as const;
