import { Aspects, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EncryptedBucket, ObjectEncryption } from '../../lib';
import { complaintsOf, newStack } from '../support/stacks';

const encryption = ObjectEncryption.sseS3();

test.each<[string, (stack: Stack) => void]>([
  [
    'an aspect that gives roles a path',
    (stack) =>
      Aspects.of(stack).add({
        visit: (node) => {
          if (node instanceof iam.CfnRole) node.path = '/apps/';
        },
      }),
  ],
  [
    'an aspect that renames roles',
    (stack) =>
      Aspects.of(stack).add({
        visit: (node) => {
          if (node instanceof iam.CfnRole) node.roleName = 'corp';
        },
      }),
  ],
])('%s fails the synthesis: policies that name the enforcer would lock it out', (_, rename) => {
  const stack = newStack();
  new EncryptedBucket(stack, 'Records', { encryption });
  rename(stack);
  expect(() => complaintsOf(stack)).toThrow('the role of the enforcer was given another name or a path');
});
