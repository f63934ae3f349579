import { type CfnResource, Stack } from 'aws-cdk-lib';

/** The properties of a resource as its template will say them: overrides count, and tokens are resolved. */
export function templateProperties(resource: CfnResource): Readonly<Record<string, unknown>> {
  const template: { Resources: Record<string, { Properties?: Record<string, unknown> }> } = Stack.of(resource).resolve(
    resource._toCloudFormation(),
  );
  const [only] = Object.values(template.Resources);
  return only?.Properties ?? {};
}
