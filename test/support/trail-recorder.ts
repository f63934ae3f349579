import type { CloudTrailRecord } from './cloudtrail-events';

/** An advanced event selector as it stands in a template, its values resolved to text. */
export interface RenderedSelector {
  readonly FieldSelectors: readonly {
    readonly Field: string;
    readonly Equals?: readonly string[];
    readonly StartsWith?: readonly string[];
  }[];
}

/**
 * Whether a trail records an event, by what AWS's guide says and not by the code under test: any selector suffices, all its fields must hold, any value
 * of a field suffices. A data event is selected by the resource whose type the selector names.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html
 */
export function isRecorded(selectors: readonly RenderedSelector[], event: CloudTrailRecord): boolean {
  return selectors.some(({ FieldSelectors }) => {
    const types = FieldSelectors.find(({ Field }) => Field === 'resources.type')?.Equals ?? [];
    const resources = (event.resources ?? []).filter(({ type = '' }) => types.includes(type));
    const candidates = resources.length > 0 || types.length > 0 ? resources : [undefined];
    return candidates.some((resource) =>
      FieldSelectors.every(({ Field, Equals = [], StartsWith = [] }) => {
        const value = fieldOf(event, resource, Field);
        return Equals.includes(value) || StartsWith.some((beginning) => value.startsWith(beginning));
      }),
    );
  });
}

function fieldOf(event: CloudTrailRecord, resource: Readonly<Record<string, string>> | undefined, field: string): string {
  if (field === 'eventCategory') return event.eventCategory;
  if (field === 'resources.type') return resource?.['type'] ?? '';
  if (field === 'resources.ARN') return resource?.['ARN'] ?? '';
  throw new Error(`no oracle for the field ${field}`);
}
