import { createHash } from 'node:crypto';
import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import { EVENTS } from '../../lib/domain/contract';
import { onOneLine, percentEncoded } from '../../lib/domain/printable';
import type { FindingsConfig } from './config';
import { type FindingState, stateOf } from './finding-state';
import type { ObjectEvent } from './object-event';

/** Limits of AWS, in characters; counted in bytes here, of which there are never fewer. https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html */
const MAX = { title: 256, description: 1024, resourceId: 512, generatorId: 512, recommendation: 512, field: 1024 } as const;

/**
 * The same for every event about one object version, whatever its key is: a key alone may be longer than an id. In a bucket without versions
 * all objects of one name share a finding, which says how the last of them was that had an event.
 */
export function findingIdOf({ enforcer, bucket, key, versionId = 'null' }: ObjectEvent): string {
  return `${EVENTS.source}/${enforcer}/${bucket}/${sha256(JSON.stringify([bucket, key, versionId]))}`;
}

/** The finding in AWS Security Finding Format, as this event leaves it. */
export function findingOf(event: ObjectEvent, config: FindingsConfig): AwsSecurityFinding {
  const state = stateOf(event);
  // Security Hub ignores what is not newer than what it has, so an event that comes late changes nothing. It keeps no state for us: when the
  // finding was made first is known to it alone, and a new one must have the same time twice.
  const UpdatedAt = new Date(event.time.getTime() + state.rank).toISOString();
  return {
    SchemaVersion: '2018-10-08',
    Id: findingIdOf(event),
    ProductArn: config.productArn,
    ProductName: EVENTS.source,
    GeneratorId: clipped(`${EVENTS.source}/${event.enforcer}`, MAX.generatorId),
    AwsAccountId: config.account,
    CreatedAt: UpdatedAt,
    UpdatedAt,
    Title: clipped(`S3 object not encrypted as required: ${state.what}`, MAX.title),
    Description: clipped(descriptionOf(event, state), MAX.description),
    Remediation: { Recommendation: { Text: clipped(state.remedy, MAX.recommendation), Url: config.runbookUrl } },
    ProductFields: productFieldsOf(event),
    Resources: [resourceOf(event, config)],
    Compliance: { Status: state.compliance },
    RecordState: state.record,
    // Severity and Types beside it are for people who look into the finding: BatchImportFindings must leave them alone.
    FindingProviderFields: {
      Severity: { Label: state.severity, Original: event.outcome ?? event.detailType },
      Types: ['Software and Configuration Checks/AWS Security Best Practices'],
    },
  };
}

function descriptionOf({ bucket, key, versionId, expected, observed, reason }: ObjectEvent, { what }: FindingState): string {
  const parts = [
    `Bucket ${bucket}: ${what}.`,
    expected && `Required: ${onOneLine(expected)}.`,
    observed && `Observed: ${onOneLine(observed)}${reason === undefined ? '' : ` (${reason})`}.`,
    versionId && `Version ${versionId}.`,
    // Last, since it is the longest, and may be cut off: the resource has it whole, and as it is.
    `Key, percent-encoded: ${percentEncoded(key)}`,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

function productFieldsOf(event: ObjectEvent): Record<string, string> {
  const { enforcer, outcome, reason, expected, observed, location, id } = event;
  const fields = { enforcer, event: event.detailType, eventId: id, outcome, reason, expected, observed, location };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value ? [[`${EVENTS.source}/${name}`, clipped(value, MAX.field)]] : [])),
  );
}

function resourceOf({ bucket, key, versionId }: ObjectEvent, { partition, region }: FindingsConfig) {
  const arn = `arn:${partition}:s3:::${bucket}/`;
  return {
    Type: 'AwsS3Object',
    Id: bytesOf(arn + key) <= MAX.resourceId ? arn + key : `${arn}sha256=${sha256(key)}`,
    Partition: partition as 'aws',
    Region: region,
    Details: {
      ...(versionId !== undefined && { AwsS3Object: { VersionId: versionId } }),
      // A key has 1,024 bytes at most.
      Other: { bucket, key },
    },
  };
}

/** At a character, not within one. */
function clipped(text: string, bytes: number): string {
  if (bytesOf(text) <= bytes) return text;
  let kept = '';
  for (const character of text) {
    if (bytesOf(kept + character) > bytes - bytesOf('…')) break;
    kept += character;
  }
  return `${kept}…`;
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
