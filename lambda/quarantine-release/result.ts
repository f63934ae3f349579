import type { BucketRules } from '../shared/bucket-rules';
import type { ObjectStore } from '../shared/object-store';
import type { ReleaseConfig } from './config';
import type { ReleaseRecords } from './release-record';

/** What is told of one receipt. */
export interface ReleaseResult {
  readonly receipt: string;
  readonly status:
    | 'would-release'
    | 'released'
    | 'already-released'
    | 'would-discard'
    | 'discarded'
    | 'already-discarded'
    /** It stays as it is, and so it will until something else changes: `why` says what. */
    | 'refused'
    /** Another invocation is at it, or was until a moment ago. */
    | 'busy'
    /** A large object, of which more is to be copied: invoke again. */
    | 'unfinished'
    /** Something failed that may pass by itself: invoke again. */
    | 'failed';
  /** The object under its old key. */
  readonly object?: string;
  readonly versionId?: string | undefined;
  readonly encryption?: string;
  /** What lies there now. */
  readonly onTopOf?: string;
  /** The copy in quarantine. */
  readonly copy?: string;
  readonly why?: string;
}

/** The same before it is said of which receipt. */
export type Told = Omit<ReleaseResult, 'receipt'>;

export interface ReleasePorts {
  readonly store: ObjectStore;
  readonly records: ReleaseRecords;
  readonly rules: BucketRules;
  readonly config: ReleaseConfig;
  readonly now: () => Date;
  /** Until Lambda ends the invocation. */
  readonly remainingMillis: () => number;
  /** Comes before that: what is copied in parts then ends in good order. */
  readonly timeIsUp: AbortSignal;
  /** Of this invocation. */
  readonly requestId: string;
  readonly announce: (detail: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly logError: (message: string, error: unknown, fields: Readonly<Record<string, unknown>>) => void;
  readonly measure: (metric: string, bucket: string) => void;
}
