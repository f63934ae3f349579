import { statSync } from 'node:fs';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html; the CDK itself refuses 501 resources, but only warns of this. */
const MAX_TEMPLATE_BYTES = 1_000_000;

/** What CloudFormation would refuse, said before anything is sent to it. */
export function sizeFaults({ stacks }: Pick<CloudAssembly, 'stacks'>): string[] {
  return stacks.flatMap(({ stackName, templateFullPath }) => {
    const { size } = statSync(templateFullPath);
    if (size <= MAX_TEMPLATE_BYTES) return [];
    return [
      `${stackName}: its template is larger than the ${MAX_TEMPLATE_BYTES} bytes that CloudFormation takes (got ${size}). ` +
        'Move some of its buckets into a configuration of their own, or give them fewer prefixes and exemptions.',
    ];
  });
}
