import { rmSync } from 'node:fs';
import {
  defaultEncryptionOf,
  onlyKeyBut,
  outputs,
  propertiesOf,
  resourcesOf,
  rulesOf,
  SHARED_KEY,
  stacksOf,
  synthesise,
} from './support/example-outputs';
import type { Statement } from './support/stacks';

const file = 'cross-account-key.ts';

afterAll(() => rmSync(outputs, { recursive: true, force: true }));

describe('without the ARN of the key', () => {
  beforeAll(() => synthesise([file], {}));

  test('makes the key only, and puts out its ARN', () => {
    expect(stacksOf(file).map(({ stackName }) => stackName)).toEqual(['KeyOwner']);
    const [key, ...others] = Object.keys(resourcesOf(file, 'AWS::KMS::Key'));
    expect(others).toEqual([]);
    expect(stacksOf(file)[0]?.template.Outputs).toEqual({ KeyArn: { Value: { 'Fn::GetAtt': [key, 'Arn'] } } });
  });
});

describe('with the ARN of the key that was deployed', () => {
  beforeAll(() => synthesise([file], { sharedKeyArn: SHARED_KEY }));

  test('makes the key in one account, and in the other a bucket under it, verified', () => {
    const accounts = stacksOf(file).map(({ stackName, environment }) => [stackName, environment.account]);
    expect(Object.fromEntries(accounts)).toEqual({ KeyOwner: '111111111111', KeyConsumer: '222222222222' });
    expect(onlyKeyBut(file, 'Quarantine')).toEqual([expect.stringMatching(/^KeyOwner\//)]);
    expect(defaultEncryptionOf(file)).toEqual([['aws:kms', SHARED_KEY]]);
    expect(rulesOf(file)).toEqual(['SSE-KMS: quarantine']);
  });

  test('lets one deployment go before the other: no template waits for the other', () => {
    expect(stacksOf(file).map(({ dependencies }) => dependencies.filter(({ manifest }) => manifest.type.includes('stack')))).toEqual([
      [],
      [],
    ]);
    const templates = stacksOf(file).map(({ template }) => JSON.stringify(template));
    for (const template of templates) expect(template).not.toContain('Fn::ImportValue');
  });

  test('lets the enforcer move objects under that key', () => {
    const statements: Statement[] = propertiesOf(file, 'AWS::IAM::Policy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const [decrypt] = statements.filter(({ Sid }) => Sid === 'DecryptUnderCrossAccountKeys');
    expect(decrypt?.Resource).toBe(SHARED_KEY);
  });
});
