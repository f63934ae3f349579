import { alert, type InputTransformerJson } from './alert-text';
import { EVENTS } from './contract';
import type { EventPatternJson } from './event-pattern';

/** What became of an object after its violation was announced. */
export const LATER_EVENTS = [EVENTS.released, EVENTS.discarded] as const;

/**
 * Events that say something new about an object. Not those that come in addition to a violation, such as `EVENTS.quarantined`: the violation has
 * the outcome, too, and nobody wants to be told twice.
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

const LATER = {
  ...OBJECT,
  type: '$.detail-type',
  released: '$.detail.releasedVersionId',
  encryption: '$.detail.encryption',
  by: '$.detail.requestedBy',
  why: '$.detail.why',
  record: '$.detail.record',
  spared: '$.detail.exemptUntil',
} as const;

/** What people read of its end. */
export function laterText(runbook: string): InputTransformerJson {
  return alert(LATER, [
    '<type>: an object that was not encrypted as required.',
    ...PLACE,
    'Put back, if so, as: version <released> under <encryption>',
    'Not as required, if so, and spared by an exemption until: <spared>',
    'Asked for by: <by>  because: <why>',
    'Record: <record>',
    ...ORIGIN,
    `What it means: ${runbook}`,
  ]);
}
