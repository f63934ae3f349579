import * as kms from 'aws-cdk-lib/aws-kms';
import { EncryptionEnforcer, QuarantineRelease } from '../../lib';
import { newStack } from '../support/stacks';

/** What TypeScript refuses, given by callers without it: each is named where it is given, with its value and what to give instead. */
const wrong = (value: unknown) => value as never;
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

describe('a caller without a compiler is told what is wrong', () => {
  test.each<[object, RegExp]>([
    [
      { securityHubFindings: 'yes' },
      /^Data\/Enforcer: securityHubFindings is neither true nor false \(got "yes"\)\. Pass true or false, or leave it out\.$/,
    ],
    [{ securityHubFindings: null }, /^Data\/Enforcer: securityHubFindings is neither true nor false \(got null\)/],
    [
      { removalPolicy: 'keep' },
      /^Data\/Enforcer: removalPolicy is none of the AWS CDK \(got "keep"\)\. Use one of RemovalPolicy\.RETAIN, /,
    ],
    [
      { crossAccountKeys: KEY_ARN },
      /^Data\/Enforcer: crossAccountKeys is no list of KMS keys \(got "arn:aws:kms:.*"\)\. Pass a list, also of one key/,
    ],
    [{ crossAccountKeys: null }, /^Data\/Enforcer: crossAccountKeys is no list of KMS keys \(got null\)/],
    [{ maxReceiveCount: '5' }, /^Data\/Enforcer: maxReceiveCount must be a whole number from 1 to 1000 \(got "5"\)/],
    [{ maxConcurrency: Number.NaN }, /^Data\/Enforcer: maxConcurrency must be a whole number from 2 to 1000/],
    [{ violationTopic: null }, /^Data\/Enforcer\/Outputs: violationTopic must be an AlertTopic, .* \(got null\)/],
    [
      { violationTopic: 'arn:aws:sns:eu-west-1:111122223333:t' },
      /^Data\/Enforcer\/Outputs: violationTopic must be an AlertTopic, .* \(got "arn:aws:sns/,
    ],
  ])('with an EncryptionEnforcer of %j', (props, what) => {
    const make = () => new EncryptionEnforcer(newStack(), 'Enforcer', wrong(props));
    expect(make).toThrow(what);
  });

  test('with a KMS key for a list of them', () => {
    const stack = newStack();
    const crossAccountKeys = wrong(kms.Key.fromKeyArn(stack, 'Key', KEY_ARN));
    expect(() => new EncryptionEnforcer(stack, 'Enforcer', { crossAccountKeys })).toThrow(/^Data\/Enforcer: crossAccountKeys is no list/);
  });

  test.each<[object, RegExp]>([
    [
      { enforcer: undefined },
      /^Data\/Release: enforcer must be an EncryptionEnforcer \(got "undefined"\)\. Pass the one whose quarantine is to be emptied\.$/,
    ],
    [{ enforcer: 'Enforcer' }, /^Data\/Release: enforcer must be an EncryptionEnforcer \(got "Enforcer"\)/],
    [{ removalPolicy: true }, /^Data\/Release: removalPolicy is none of the AWS CDK \(got true\)/],
    [{ timeout: 900 }, /^Data\/Release: timeout must be a Duration .* \(got "900"\)/],
  ])('with a QuarantineRelease of %j', (props, what) => {
    const stack = newStack();
    const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
    const make = () => new QuarantineRelease(stack, 'Release', wrong({ enforcer, ...props }));
    expect(make).toThrow(what);
  });
});
