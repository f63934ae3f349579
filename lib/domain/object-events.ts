import { alert, type InputTransformerJson } from './alert-text';
import { EVENTS } from './contract';
import type { EventPatternJson } from './event-pattern';
import { onOneLine, percentEncoded, percentEncodedPlace } from './printable';

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

/** Fields that hold what uploaders, operators or other services say: EventBridge puts them into a message as they are. */
const PRINTABLE = {
  key: percentEncoded,
  location: percentEncodedPlace,
  record: percentEncodedPlace,
  expected: onOneLine,
  observed: onOneLine,
  reducedBecause: onOneLine,
  encryption: onOneLine,
  why: onOneLine,
  requestedBy: onOneLine,
} as const;

/** The same fields once more, as they may stand in a message. */
export function printableFields(detail: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(PRINTABLE).flatMap(([name, print]) => {
      const value = detail[name];
      return typeof value === 'string' ? [[name, print(value)]] : [];
    }),
  );
}

function printable(name: keyof typeof PRINTABLE): string {
  return `$.detail.printable.${name}`;
}

const OBJECT = {
  bucket: '$.detail.bucket',
  key: printable('key'),
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
  expected: printable('expected'),
  observed: printable('observed'),
  requested: '$.detail.requested',
  because: printable('reducedBecause'),
  location: printable('location'),
} as const;

const PLACE = ['Object, percent-encoded: s3://<bucket>/<key>', 'Version: <version>'];
const ORIGIN = ['When: <time>', 'Where: account <account>, <region>, enforcer <enforcer>'];

/** What people read of a violation: one message for each, with all that the enforcer knows. */
export function violationText(runbook: string): InputTransformerJson {
  return alert(VIOLATION, [
    'An S3 object is not encrypted as required.',
    ...PLACE,
    'Required: <expected>',
    'Observed: <observed>  (<reason>)',
    'Done about it: <outcome>  (asked for: <requested>; why less, if so: <because>)',
    'Copy in quarantine, percent-encoded: <location>',
    ...ORIGIN,
    `What to do: ${runbook}`,
  ]);
}

const LATER = {
  ...OBJECT,
  type: '$.detail-type',
  released: '$.detail.releasedVersionId',
  encryption: printable('encryption'),
  by: printable('requestedBy'),
  why: printable('why'),
  record: printable('record'),
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
    'Record, percent-encoded: <record>',
    ...ORIGIN,
    `What it means: ${runbook}`,
  ]);
}
