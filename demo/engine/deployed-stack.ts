import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';

export interface Resource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  /** As synthesized: functions such as Fn::GetAtt are not resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Template {
  readonly Resources: Readonly<Record<string, { Type: string; Properties?: Record<string, unknown> }>>;
}

/** The resources of a deployed stack: what its template says, under the names they got. */
export async function deployedResources(stackName: string, assemblyFolder: string): Promise<Resource[]> {
  const template: Template = JSON.parse(readFileSync(join(assemblyFolder, `${stackName}.template.json`), 'utf8'));
  const answer = await new CloudFormationClient({}).send(new DescribeStackResourcesCommand({ StackName: stackName }));
  return (answer.StackResources ?? []).map((resource) => {
    const logicalId = resource.LogicalResourceId ?? '';
    const synthesized = template.Resources[logicalId];
    return {
      logicalId,
      physicalId: resource.PhysicalResourceId ?? '',
      type: synthesized?.Type ?? '',
      properties: synthesized?.Properties ?? {},
    };
  });
}
