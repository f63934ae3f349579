import { Aws, CfnParameter, type Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { type EncryptionExemption, mixins, ObjectEncryption } from '../../lib';
import { expectRefusal, type Mistake } from './mistake';

const SSE_S3 = ObjectEncryption.sseS3();
const under = (prefix: string) => SSE_S3.underPrefix(prefix, ObjectEncryption.sseC());
const exempt = (exemption: Partial<EncryptionExemption>) => SSE_S3.exempt({ until: '2027-03-31', reason: 'SEC-1', ...exemption });

/** All of these are found on the bucket, which is what people look for. */
function onBucket(
  mistake: string,
  encryption: (stack: Stack) => ObjectEncryption,
  fault: Pick<Mistake, 'what' | 'value' | 'remedy'>,
): Mistake {
  const make = (stack: Stack) => new s3.Bucket(stack, 'Records').with(new mixins.RequireEncryption(encryption(stack)));
  return { mistake, make, path: 'Data/Records/Resource', ...fault };
}

describe('what is not known at synth, or would be filled in by somebody else, is refused: policy and verifier take it literally', () => {
  const remedyOfToken = 'Use a text that is known at synth, such as context or a constant.';
  test.each<Mistake>([
    onBucket('a prefix of underPrefix() that is a parameter', (stack) => under(new CfnParameter(stack, 'Prefix').valueAsString), {
      what: /^the prefix of underPrefix\(\) is not known before the deployment$/,
      value: '"<known at deployment>"',
      remedy: remedyOfToken,
    }),
    onBucket('a prefix of an exemption with the name of the stack', () => exempt({ prefix: `${Aws.STACK_NAME}/` }), {
      what: /^the prefix of an exemption is not known before the deployment$/,
      value: '"<known at deployment>/"',
      remedy: remedyOfToken,
    }),
    onBucket('a prefix with a reference of Systems Manager', () => under('{{resolve:ssm:x}}/'), {
      what: /^the prefix of underPrefix\(\) has \{\{ in it/,
      value: '"{{resolve:ssm:x}}/"',
      remedy: 'Leave it out.',
    }),
    onBucket('a reason with one', () => exempt({ reason: 'see {{ticket}}' }), {
      what: /^the reason of an exemption has \{\{ in it/,
      value: '"see {{ticket}}"',
      remedy: 'Leave it out.',
    }),
    onBucket(
      'a principal with a policy variable',
      () => exempt({ principalArns: ['arn:aws:iam::111122223333:role/$' + '{aws:PrincipalTag/team}'] }),
      {
        what: /^an exemption is for roles and users, each by its ARN without wildcards$/,
        value: '"arn:aws:iam::111122223333:role/$' + '{aws:PrincipalTag/team}"',
        remedy: 'Pass for example arn:aws:iam::111122223333:role/vendor-import, not the ARN of a session, an account or a service.',
      },
    ),
    onBucket('a principal of another partition', () => exempt({ principalArns: ['arn:aws-cn:iam::111122223333:role/writer'] }), {
      what: /^an exemption is for roles and users, each by its ARN without wildcards$/,
      value: '"arn:aws-cn:iam::111122223333:role/writer"',
      remedy: 'Pass for example arn:aws:iam::111122223333:role/vendor-import, not the ARN of a session, an account or a service.',
    }),
  ])('$mistake', (mistake) => expectRefusal(mistake));
});
