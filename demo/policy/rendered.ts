import type { Resource } from '../engine/deployed-stack';
import type { Policy } from './simulate';

/** Where a stack was deployed. */
export interface Home {
  readonly account: string;
  readonly region: string;
}

/** A role with its policies as they were deployed. */
export interface RenderedRole {
  readonly arn: string;
  readonly policies: readonly Policy[];
}

/** Replaces what a template says of other resources by the names that the deployment gave them. */
export function renderValue(value: unknown, resources: readonly Resource[], home: Home): unknown {
  const render = (inner: unknown): unknown => renderValue(inner, resources, home);
  if (Array.isArray(value)) return value.map(render);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && name === 'Ref') return reference(String(argument), resources, home);
  if (others.length === 0 && name === 'Fn::GetAtt') return attribute(argument as [string, string], resources, home);
  if (others.length === 0 && name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map(render).join(separator);
  }
  if (name.startsWith('Fn::')) throw new Error(`The demo cannot read ${name} in this template.`);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, render(inner)]));
}

/** The role of the stack's only function. */
export function renderedRole(resources: readonly Resource[], home: Home): RenderedRole {
  const [fn, ...others] = resources.filter(({ type }) => type === 'AWS::Lambda::Function');
  if (fn === undefined || others.length > 0) throw new Error('The demo expects one function in its stack.');
  const [logicalId] = (fn.properties['Role'] as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'];
  return roleOf(logicalId, resources, home);
}

/** The role whose id in its template begins so. */
export function renderedRoleNamed(id: string, resources: readonly Resource[], home: Home): RenderedRole {
  const [role, ...others] = resources.filter(({ type, logicalId }) => type === 'AWS::IAM::Role' && logicalId.startsWith(id));
  if (role === undefined || others.length > 0) throw new Error(`The demo expects one role ${id} in its stack.`);
  return roleOf(role.logicalId, resources, home);
}

function roleOf(logicalId: string, resources: readonly Resource[], home: Home): RenderedRole {
  const policies = resources.filter(({ type, properties }) => {
    const roles = (properties['Roles'] ?? []) as { Ref?: string }[];
    return type === 'AWS::IAM::Policy' && roles.some(({ Ref }) => Ref === logicalId);
  });
  if (policies.length === 0) throw new Error(`The template has no policy of the role ${logicalId}.`);
  return {
    arn: attribute([logicalId, 'Arn'], resources, home),
    policies: policies.map(({ properties }) => renderValue(properties['PolicyDocument'], resources, home) as Policy),
  };
}

/** The policy of the bucket or key that has this physical id. */
export function renderedResourcePolicy(physicalId: string, resources: readonly Resource[], home: Home): Policy | undefined {
  const key = resources.find(({ type, physicalId: id }) => type === 'AWS::KMS::Key' && keyId(id) === keyId(physicalId));
  if (key) return renderValue(key.properties['KeyPolicy'], resources, home) as Policy;
  const policy = resources.find(
    ({ type, properties }) => type === 'AWS::S3::BucketPolicy' && renderValue(properties['Bucket'], resources, home) === physicalId,
  );
  return policy && (renderValue(policy.properties['PolicyDocument'], resources, home) as Policy);
}

function reference(name: string, resources: readonly Resource[], { account, region }: Home): string {
  const pseudo: Record<string, string> = { 'AWS::Partition': 'aws', 'AWS::AccountId': account, 'AWS::Region': region };
  return pseudo[name] ?? named(name, resources).physicalId;
}

function attribute([logicalId, name]: [string, string], resources: readonly Resource[], home: Home): string {
  const resource = named(logicalId, resources);
  const arn = name === 'Arn' ? arnOf(resource, home) : undefined;
  if (arn === undefined) throw new Error(`The demo does not know the attribute ${name} of a ${resource.type}.`);
  return arn;
}

function arnOf({ type, physicalId }: Resource, { account, region }: Home): string | undefined {
  if (physicalId.startsWith('arn:')) return physicalId;
  const lastPart = physicalId.split('/').at(-1);
  switch (type) {
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${physicalId}`;
    case 'AWS::KMS::Key':
      return `arn:aws:kms:${region}:${account}:key/${physicalId}`;
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${account}:role/${physicalId}`;
    case 'AWS::SQS::Queue':
      return `arn:aws:sqs:${region}:${account}:${lastPart}`;
    case 'AWS::Logs::LogGroup':
      return `arn:aws:logs:${region}:${account}:log-group:${physicalId}:*`;
    default:
      return undefined;
  }
}

function named(logicalId: string, resources: readonly Resource[]): Resource {
  const resource = resources.find((each) => each.logicalId === logicalId);
  if (!resource) throw new Error(`The deployed stack has no resource ${logicalId}.`);
  return resource;
}

function keyId(idOrArn: string): string {
  return idOrArn.split('/').at(-1) ?? idOrArn;
}
