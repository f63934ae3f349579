import {
  GetBucketEncryptionCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { THIRD_ACCOUNT } from '../../demo/engine/environment';
import { endingOnAws } from '../../demo/policy/enforcer-rights';
import { askKey } from '../../demo/policy/key-policy';
import { askAboutKey } from '../../demo/two-accounts/key-questions';
import { createKeyOf, createOwnKey } from '../../demo/uploads/foreign-keys';
import { eventually, type VerdictLine, verdictsOn } from '../support/deployed-enforcement';
import { deployTwoAccounts, type TwoAccounts } from '../support/deployed-two-accounts';
import { runDemo } from '../support/run-demo';

/** The example of the README: a key in the account 111111111111, a bucket under it in 222222222222, each deployed by the real CDK CLI. */
jest.setTimeout(60_000);

const KEY_ACCOUNT = '111111111111';
const DATA_ACCOUNT = '222222222222';
const BUCKET = 'arn:aws:s3:::exchange-222222222222-eu-west-1';

const s3 = new S3Client({ forcePathStyle: true, credentials: { accessKeyId: DATA_ACCOUNT, secretAccessKey: 'any' } });
let deployed: TwoAccounts;

beforeAll(async () => {
  deployed = await deployTwoAccounts();
}, 180_000);

async function verdictOnUpload(key: string, headers: Partial<PutObjectCommandInput> = {}): Promise<VerdictLine> {
  const { exchange, logs } = deployed;
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: exchange, Key: key, Body: 'content', ...headers }));
  return eventually(`verdict on ${key}`, async () =>
    (await verdictsOn(logs, exchange, key)).find(({ versionId }) => versionId === VersionId),
  );
}

const underKms = (keyArn: string) => ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn }) as const;

describe('the key account', () => {
  test('has the key, with the policy that the template says', () => {
    expect(deployed.keyArn).toMatch(/^arn:aws:kms:eu-west-1:111111111111:key\//);
    expect(deployed.keyPolicy).toEqual(deployed.templatePolicy);
  });

  test('lets the data account use the key, through S3, for the one bucket, and nobody else', () => {
    const statements = deployed.keyPolicy['Statement'] as {
      Effect: string;
      Action: string | string[];
      Principal: object;
      Condition?: object;
    }[];
    const uses = statements.filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes('kms:GenerateDataKey'));
    expect(uses).toEqual([
      expect.objectContaining({
        Principal: { AWS: `arn:aws:iam::${DATA_ACCOUNT}:root` },
        Condition: {
          StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com', 'kms:CallerAccount': [DATA_ACCOUNT] },
          StringLike: { 'kms:EncryptionContext:aws:s3:arn': [BUCKET, `${BUCKET}/*`] },
        },
      }),
    ]);
  });
});

describe('the data account', () => {
  test('keeps an upload without headers, which the default of the bucket encrypts under the key of the other account', async () => {
    expect(await verdictOnUpload('no-header')).toMatchObject({ outcome: 'compliant' });
    const head = await s3.send(new HeadObjectCommand({ Bucket: deployed.exchange, Key: 'no-header' }));
    expect(head).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: deployed.keyArn });
  });

  test('keeps an upload that names that key', async () => {
    expect(await verdictOnUpload('named', underKms(deployed.keyArn))).toMatchObject({ outcome: 'compliant' });
  });

  test.each([
    ['a key of a third account', () => createKeyOf(THIRD_ACCOUNT), 'wrong-key'],
    ['a key that the key account does not share', () => createKeyOf(KEY_ACCOUNT), 'wrong-key'],
    ['a key of its own', () => createOwnKey(), 'wrong-key'],
  ])('loses an upload under %s to quarantine', async (name, makeKey, reason) => {
    const verdict = await verdictOnUpload(name, underKms(await makeKey()));
    expect(verdict).toMatchObject({ outcome: 'quarantined', reason, location: expect.stringContaining(deployed.world.quarantineBucket) });
    await expect(s3.send(new HeadObjectCommand({ Bucket: deployed.exchange, Key: name }))).rejects.toMatchObject({ name: 'NotFound' });
  });

  test('loses an upload under SSE-S3 to quarantine', async () => {
    expect(await verdictOnUpload('aes256', { ServerSideEncryption: 'AES256' })).toMatchObject({
      outcome: 'quarantined',
      reason: 'wrong-scheme',
    });
  });

  test('loses an upload of the wrong scheme under the right key, which on AWS takes the enforcer its use', async () => {
    const Bucket = deployed.exchange;
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    // The engine knows DSSE-KMS as a default only.
    const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: 'aws:kms:dsse', KMSMasterKeyID: deployed.keyArn } as const;
    const changed = { Rules: [{ ApplyServerSideEncryptionByDefault }] };
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: changed }));
    try {
      expect(await verdictOnUpload('dsse')).toMatchObject({ outcome: 'quarantined', reason: 'wrong-scheme' });
    } finally {
      await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
    }
    const upload = {
      bucket: Bucket,
      key: 'dsse',
      headers: { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: deployed.keyArn },
    } as const;
    const moved = { outcome: 'quarantined', reason: 'wrong-scheme', location: 'quarantine' } as const;
    expect(await endingOnAws(moved, upload, deployed.world)).toEqual({ ending: moved });
  });
});

describe('both halves of the permission, as deployed, on AWS', () => {
  const ask = (principal: string, action: string, ...identityPolicies: object[]) =>
    askKey(
      { principal, action, identityPolicies: identityPolicies as never, keyArn: deployed.keyArn, object: `${BUCKET}/some/object` },
      deployed.world,
    );
  const everything = { Version: '2012-10-17', Statement: [{ Sid: 'Everything', Effect: 'Allow', Action: '*', Resource: '*' }] };

  test('let the application write and read', async () => {
    const { arn, policies } = deployed.application;
    for (const action of ['kms:GenerateDataKey', 'kms:Decrypt'])
      expect(await ask(arn, action, ...policies)).toMatchObject({ answer: 'Allowed' });
  });

  test('let the enforcer read, and no more', async () => {
    const { arn, policies } = deployed.world.role;
    expect(await ask(arn, 'kms:Decrypt', ...policies)).toMatchObject({ answer: 'Allowed', iamStatement: 'DecryptUnderCrossAccountKeys' });
    expect(await ask(arn, 'kms:GenerateDataKey', ...policies)).toMatchObject({ answer: 'Denied', iamStatement: null });
  });

  test.each([KEY_ACCOUNT, THIRD_ACCOUNT])('let no administrator of %s, whom the policy of the key does not trust', async (account) => {
    const answer = await ask(`arn:aws:iam::${account}:role/administrator`, 'kms:Decrypt', everything);
    expect(answer).toEqual({ answer: 'Denied', keyStatement: null, iamStatement: 'Everything' });
  });

  test('answer each question of the demonstration as expected', async () => {
    const { application, exchange, keyArn, world } = deployed;
    const answers = await askAboutKey(keyArn, exchange, { application, enforcer: world.role }, world);
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
  });
});

test('`npm start -- --accounts 2` shows every row as expected, and writes down what it saw', async () => {
  const { said, exitCode, result, report } = await runDemo('--accounts', '2');
  expect(said).toContain('9 of 9 questions about the key were answered as expected.');
  expect(said).toContain(' 0 did not.');
  expect(exitCode).toBe(0);
  expect(result.rows.length).toBeGreaterThanOrEqual(13);
  expect(result.rows.filter(({ ok, expected, observed }) => !ok || expected !== observed)).toEqual([]);
  expect(result.accounts).toMatchObject({ key: { account: KEY_ACCOUNT }, data: { account: DATA_ACCOUNT, bucket: deployed.exchange } });
  const ofThird = result.rows.filter(({ upload }) => upload.startsWith('aws:kms, third account'));
  expect(ofThird.map(({ kmsAnswer, action }) => [kmsAnswer, action])).toEqual(Array(2).fill(['Denied', 'quarantined']));
  expect(report).toContain(`Key account ${KEY_ACCOUNT}`);
}, 180_000);
