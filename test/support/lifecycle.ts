interface BucketTemplate {
  readonly Type: string;
  readonly Properties?: { readonly LifecycleConfiguration?: { readonly Rules: readonly Readonly<Record<string, unknown>>[] } };
}

/** What is no action for CloudFormation: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html */
const NO_ACTION = ['Id', 'Status', 'Prefix', 'TagFilters', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan', 'ExpiredObjectDeleteMarker'];

/** The lifecycle rules of all buckets of a template that CloudFormation or S3 would refuse, and how many there are in all. */
export function lifecycleRulesIn(resources: Readonly<Record<string, BucketTemplate>>): { count: number; refused: unknown[] } {
  const rules = Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::S3::Bucket')
    .flatMap(({ Properties }) => Properties?.LifecycleConfiguration?.Rules ?? []);
  const refused = rules.filter(
    (rule) =>
      Object.keys(rule).every((name) => NO_ACTION.includes(name)) ||
      ('ExpiredObjectDeleteMarker' in rule && ('ExpirationInDays' in rule || 'ExpirationDate' in rule || 'TagFilters' in rule)),
  );
  return { count: rules.length, refused };
}
