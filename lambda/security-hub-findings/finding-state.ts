import { EVENTS } from '../../lib/domain/contract';
import type { ObjectEvent } from './object-event';

/** How a finding stands after an event. */
export interface FindingState {
  /** Milliseconds, for events of the same second: of two, the later one in the life of an object wins. */
  readonly rank: number;
  /** What became of the object. */
  readonly what: string;
  readonly remedy: string;
  readonly compliance: 'PASSED' | 'FAILED';
  /** ARCHIVED: nobody has to look at it any more. */
  readonly record: 'ACTIVE' | 'ARCHIVED';
  /** AWS keeps HIGH and CRITICAL for damage that an adversary did. */
  readonly severity: 'INFORMATIONAL' | 'LOW' | 'MEDIUM';
}

const ENDED = { record: 'ARCHIVED', severity: 'INFORMATIONAL' } as const;
const OPEN = { rank: 0, compliance: 'FAILED', record: 'ACTIVE' } as const;
const MEND_THE_CLIENT = 'Mend the client that wrote it.';
const WRITE_IT_AGAIN = `${MEND_THE_CLIENT} Then write the object again, as the bucket requires it.`;

const REPORTED: FindingState = {
  ...OPEN,
  what: 'it was left as it is, and readers get it',
  remedy: WRITE_IT_AGAIN,
  severity: 'MEDIUM',
};

/** By the outcome of a violation. One that is not known here is open, and most severe: doubt is never compliance. */
const VIOLATIONS: Readonly<Record<string, FindingState>> = {
  reported: REPORTED,
  tagged: {
    ...OPEN,
    what: 'it was tagged where it is, and is closed to readers',
    remedy: WRITE_IT_AGAIN,
    severity: 'LOW',
  },
  quarantined: {
    ...OPEN,
    what: 'it was moved to quarantine, where somebody has to decide about it',
    remedy: `${MEND_THE_CLIENT} Then release the object from quarantine, or discard it, before its retention ends.`,
    severity: 'LOW',
  },
  're-encrypted': {
    ...ENDED,
    rank: 1,
    what: 'it was encrypted anew, as required',
    remedy: MEND_THE_CLIENT,
    compliance: 'PASSED',
  },
  superseded: {
    ...OPEN,
    ...ENDED,
    what: 'somebody else overwrote or deleted it before anything could be done',
    remedy: MEND_THE_CLIENT,
  },
};

/** Its copy is as required, and it lies below: readers of its version get it. */
const STAYS_BELOW: FindingState = {
  ...OPEN,
  rank: 1,
  what: 'a copy as required was laid on top of it, and it is still there below',
  remedy: `${MEND_THE_CLIENT} Then delete the version, once what keeps it lets it go.`,
  severity: 'LOW',
};

const SPARED: FindingState = {
  ...OPEN,
  rank: 2,
  what: 'it was given back from quarantine while an exemption spares it, and is not encrypted as required',
  remedy: WRITE_IT_AGAIN,
  severity: 'LOW',
};

const LATER: Readonly<Record<string, FindingState>> = {
  [EVENTS.released]: {
    ...ENDED,
    rank: 2,
    what: 'it was given back from quarantine, encrypted as required',
    remedy: MEND_THE_CLIENT,
    compliance: 'PASSED',
  },
  // It never was as required, and is no more.
  [EVENTS.discarded]: {
    ...ENDED,
    rank: 3,
    what: 'it was deleted from quarantine for good',
    remedy: MEND_THE_CLIENT,
    compliance: 'FAILED',
  },
};

export function stateOf({ detailType, outcome = '', reducedBecause, exemptUntil }: ObjectEvent): FindingState {
  if (detailType === EVENTS.released && exemptUntil !== undefined) return SPARED;
  if (detailType === EVENTS.violation && outcome === 're-encrypted' && reducedBecause !== undefined) return STAYS_BELOW;
  return LATER[detailType] ?? VIOLATIONS[outcome] ?? REPORTED;
}
