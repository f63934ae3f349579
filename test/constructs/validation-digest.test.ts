import { Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlertTopic, EncryptionCanary, EncryptionEnforcer } from '../../lib';
import { digestIn } from '../support/digest-stack';
import { expectRefusal, type Mistake } from './mistake';

const elsewhere = (stack: Stack, env: { account: string; region: string }) => new Stack(stack.node.root as never, 'There', { env });

const MISTAKES: readonly Mistake[] = [
  {
    mistake: 'no enforcer',
    make: (stack) => digestIn(stack, { enforcers: [] }),
    path: 'Data/Digest',
    what: /^enforcers must name one at least$/,
    value: '0',
    remedy: 'Pass the enforcers of this account and Region.',
  },
  {
    mistake: 'seven enforcers',
    make: (stack) => digestIn(stack, { enforcers: Array.from({ length: 7 }, (_, at) => new EncryptionEnforcer(stack, `E${at}`)) }),
    path: 'Data/Digest',
    what: /^a digest is about 6 enforcers at most/,
    value: '7',
    remedy: 'Make another for the others.',
  },
  {
    mistake: 'an enforcer of another Region',
    make: (stack) =>
      digestIn(stack, {
        enforcers: [new EncryptionEnforcer(elsewhere(stack, { account: stack.account, region: 'eu-central-1' }), 'Enforcer')],
      }),
    path: 'Data/Digest',
    what: /another account or Region/,
    value: '"There/Enforcer in 111122223333/eu-central-1"',
    remedy: 'Make an EncryptionDigest there.',
  },
  {
    mistake: 'a canary of an enforcer that it is not about',
    make: (stack) =>
      digestIn(stack, { canaries: [new EncryptionCanary(stack, 'Canary', { enforcer: new EncryptionEnforcer(stack, 'Other') })] }),
    path: 'Data/Digest',
    what: /the enforcer of a canary is not among those of the digest: Data\/Other$/,
    value: '"Data/Canary"',
    remedy: 'Add its enforcer, or leave it out.',
  },
  {
    mistake: 'an ordinary topic',
    make: (stack) => digestIn(stack, { alertTopic: new sns.Topic(stack, 'Plain') as never }),
    path: 'Data/Digest',
    what: /^alertTopic must be an AlertTopic/,
    value: '"Data/Plain"',
    remedy: "Pass new AlertTopic(this, 'Alerts', { topic }).",
  },
  {
    mistake: 'an AlertTopic of another Region',
    make: (stack) =>
      digestIn(stack, { alertTopic: new AlertTopic(elsewhere(stack, { account: stack.account, region: 'eu-central-1' }), 'Alerts') }),
    path: 'Data/Digest',
    what: /^alertTopic is of another account or Region than the digest \(111122223333\/eu-west-1\)$/,
    value: '"There/Alerts: 111122223333/eu-central-1"',
    remedy: 'Make an AlertTopic beside the digest.',
  },
  {
    mistake: 'a topic of another account',
    make: (stack) =>
      digestIn(stack, {
        alertTopic: new AlertTopic(stack, 'Alerts', {
          topic: sns.Topic.fromTopicArn(stack, 'Theirs', 'arn:aws:sns:eu-west-1:999999999999:alerts'),
        }),
      }),
    path: 'Data/Digest',
    what: /^the topic belongs to another account \(111122223333\), and lets no function of this one in$/,
    value: '"arn:aws:sns:eu-west-1:999999999999:alerts"',
    remedy: 'Pass an AlertTopic with a topic of this account.',
  },
  {
    mistake: 'a dashboard that CloudWatch could not have',
    make: (stack) => digestIn(stack, { dashboardName: 'my dashboard' }),
    path: 'Data/Digest',
    what: /^dashboardName may have letters, digits, - and _, 255 at most$/,
    value: '"my dashboard"',
    remedy: 'Choose another, or leave it out.',
  },
];

test.each(MISTAKES)('$mistake is refused, with path, value and remedy', expectRefusal);
