import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** A customer managed key that rotates, outlives its stack, and leaves grants to AWS services (Control Tower's CT.KMS.PR.3). */
export function createKey(scope: Construct, id: string, description: string): kms.Key {
  const key = new kms.Key(scope, id, {
    description,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'DenyGrantsNotForAwsServices',
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: ['kms:CreateGrant'],
      resources: ['*'],
      conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
    }),
  );
  return key;
}

/** A key that exists. However often a configuration names it, it is one construct. */
export function importKey(stack: Stack, arn: string): kms.IKey {
  const scope = stack.node.tryFindChild('ImportedKeys') ?? new Construct(stack, 'ImportedKeys');
  return (scope.node.tryFindChild(arn) as kms.IKey | undefined) ?? kms.Key.fromKeyArn(scope as Construct, arn, arn);
}
