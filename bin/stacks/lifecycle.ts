import { Duration } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';

/**
 * What no listing shows: parts of an upload that nobody finished, which are paid for, and delete markers of objects that have no
 * version left. A rule with days cannot have the markers, and CloudFormation takes no rule with the markers alone:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html
 */
export function removeRemains(versioned: boolean): s3.LifecycleRule {
  return {
    id: 'RemoveRemains',
    abortIncompleteMultipartUploadAfter: Duration.days(7),
    ...(versioned && { expiredObjectDeleteMarker: true }),
  };
}
