import { alert, type InputTransformerJson } from './alert-text';
import { EVENTS } from './contract';
import type { EventPatternJson } from './event-pattern';

/** What became of a violation after it was announced. */
export const LATER_EVENTS = [EVENTS.reencrypted, EVENTS.released, EVENTS.discarded] as const;

/**
 * Events that say something new about an object. Not `EVENTS.quarantined`: the violation that comes with it says the same, and where the copy
 * is, and nobody wants to be told twice.
 */
export const OBJECT_EVENTS = [EVENTS.violation, ...LATER_EVENTS] as const;

/**
 * Events of one enforcer.
 *
 * @param spared - names of buckets whose objects are wrong on purpose
 */
export function objectEventPattern(enforcer: string, detailTypes: readonly string[], spared: readonly string[]): EventPatternJson {
  return {
    source: [EVENTS.source],
    'detail-type': detailTypes,
    detail: { enforcer: [enforcer], ...(spared.length > 0 && { bucket: [{ 'anything-but': spared }] }) },
  };
}

const OBJECT = {
  bucket: '$.detail.bucket',
  key: '$.detail.key',
  version: '$.detail.versionId',
  outcome: '$.detail.outcome',
  time: '$.time',
  account: '$.account',
  region: '$.region',
  enforcer: '$.detail.enforcer',
} as const;

const VIOLATION = {
  ...OBJECT,
  reason: '$.detail.reason',
  expected: '$.detail.expected',
  observed: '$.detail.observed',
  requested: '$.detail.requested',
  because: '$.detail.reducedBecause',
  location: '$.detail.location',
} as const;

const PLACE = ['Object: s3://<bucket>/<key>', 'Version: <version>'];
const ORIGIN = ['When: <time>', 'Where: account <account>, <region>, enforcer <enforcer>'];

/** What people read of a violation: one message for each, with all that the enforcer knows. */
export function violationText(runbook: string): InputTransformerJson {
  return alert(VIOLATION, [
    'An S3 object is not encrypted as required.',
    ...PLACE,
    'Required: <expected>',
    'Observed: <observed>  (<reason>)',
    'Done about it: <outcome>  (asked for: <requested>; why less, if so: <because>)',
    'Copy in quarantine: <location>',
    ...ORIGIN,
    `What to do: ${runbook}`,
  ]);
}

/** What people read of its end. */
export function laterText(runbook: string): InputTransformerJson {
  return alert({ ...OBJECT, type: '$.detail-type', location: '$.detail.location' }, [
    '<type>: an object that was not encrypted as required.',
    ...PLACE,
    'Outcome: <outcome>',
    'Copy in quarantine: <location>',
    ...ORIGIN,
    `What it means: ${runbook}`,
  ]);
}
