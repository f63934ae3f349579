/** One condition on one field of an event, as CloudTrail's API spells it. */
export interface FieldSelector {
  readonly field: string;
  readonly equalTo?: string[];
  readonly startsWith?: string[];
}

/** An event is recorded where all field selectors of one of these hold. */
export interface AdvancedSelector {
  readonly name: string;
  readonly fieldSelectors: FieldSelector[];
}

/**
 * Values in all conditions of all advanced selectors of a trail; the quota cannot be raised.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
 */
export const MAX_SELECTOR_VALUES = 500;

/**
 * What a trail records: every management event, which all KMS operations are, and the data events of objects in these buckets. Advanced
 * selectors replace the basic ones, so that management events are none unless they are selected here as well. Without buckets, as in a central audit that
 * only keeps files, there are no others.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
export function trailSelectors(bucketArns: readonly string[]): AdvancedSelector[] {
  // CloudTrail takes no condition without values; and without this one, every object of the account would be recorded.
  return bucketArns.length === 0 ? [MANAGEMENT_EVENTS] : [MANAGEMENT_EVENTS, objectsOf(bucketArns)];
}

const MANAGEMENT_EVENTS: AdvancedSelector = {
  name: 'Management events, reads as well: KMS calls Decrypt and GenerateDataKey reads',
  fieldSelectors: [category('Management')],
};

function objectsOf(bucketArns: readonly string[]): AdvancedSelector {
  return {
    name: 'Objects of the guarded buckets',
    fieldSelectors: [
      category('Data'),
      { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
      // With the slash: otherwise a bucket whose name begins like this one's would be recorded, too.
      { field: 'resources.ARN', startsWith: bucketArns.map((arn) => `${arn}/`) },
    ],
  };
}

export function selectorValues(selectors: readonly AdvancedSelector[]): number {
  const fields = selectors.flatMap(({ fieldSelectors }) => fieldSelectors);
  return fields.reduce((sum, { equalTo = [], startsWith = [] }) => sum + equalTo.length + startsWith.length, 0);
}

/** Buckets that fit beside the other conditions. */
export const MAX_RECORDED_BUCKETS = MAX_SELECTOR_VALUES - selectorValues([MANAGEMENT_EVENTS, objectsOf([])]);

function category(name: 'Management' | 'Data'): FieldSelector {
  return { field: 'eventCategory', equalTo: [name] };
}
