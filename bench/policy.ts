import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptedBucket, mixins, ObjectEncryption } from '../lib';
import { MAX_POLICY_BYTES } from '../lib/domain/policy-statement';
import { type Benchmark, compared, figure, type Progress, type Row } from './benchmark';
import { runNode } from './node-process';
import { inTurns, Samples } from './samples';
import { withScratch } from './scratch';

const PREFIXES = 20;
const KEYS_EACH = 3;
const TURNS = 7;
/** As long as S3 allows. */
const BUCKET_NAME = 'b'.repeat(63);

/** Size of the bucket policies, and what prefix rules cost at synth. */
export const policy: Benchmark = {
  name: 'policy',
  title: 'Bucket policies',
  about: [
    `**bytes** are those that S3 counts (no white space), for a bucket name of 63 characters, without the statements about violation tags and configuration admins, of ${MAX_POLICY_BYTES} that it takes. **strict** is with \`strict()\`.`,
    `**${PREFIXES} prefix rules** have ${KEYS_EACH} keys each, all of them different, and ${'`team-00/data/`'} as prefixes. **with everything** adds a configuration admin and the statements about violation tags.`,
    '**synth** is the whole process, of an app with one bucket: a plain `s3.Bucket`, an EncryptedBucket with its enforcer, and the same with these rules.',
  ],
  run: (progress) => [...sizes(), ...synthOfPrefixes(progress)],
};

function sizes(): Row[] {
  const stack = new Stack(new App(), 'Sizes', { env: { account: '111122223333', region: 'eu-west-1' } });
  const key = (n: number) =>
    kms.Key.fromKeyArn(
      stack,
      `Key${n}`,
      `arn:aws:kms:eu-west-1:111122223333:key/${String(n).padStart(8, '0')}-09fe-47dc-85ba-ab0987654321`,
    );
  const teamKey = key(0);
  const team = ObjectEncryption.sseKms(teamKey);
  const schemes: Record<string, ObjectEncryption> = {
    'SSE-S3': ObjectEncryption.sseS3(),
    'SSE-KMS': team,
    'DSSE-KMS': ObjectEncryption.dsseKms(teamKey),
    'SSE-C': ObjectEncryption.sseC(),
    'client-side': ObjectEncryption.clientSide(),
  };
  const perPrefix = Array.from({ length: PREFIXES }, (_, n) => Array.from({ length: KEYS_EACH }, (__, m) => key(1 + n * KEYS_EACH + m)));
  const many = perPrefix.reduce((all, keys, n) => all.underPrefix(prefixOf(n), ObjectEncryption.sseKms(...keys)), team);
  const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', BUCKET_NAME);
  const bytes = (encryption: ObjectEncryption) => {
    const statements = mixins.RequireEncryption.policyStatements(bucket, encryption).map((statement) => statement.toStatementJson());
    return new Samples([Buffer.byteLength(JSON.stringify({ Version: '2012-10-17', Statement: statements }))]);
  };
  return [
    ...Object.entries(schemes).flatMap(([name, encryption]) => [
      figure(`${name}: bytes`, 'B', bytes(encryption), MAX_POLICY_BYTES),
      figure(`${name}, strict: bytes`, 'B', bytes(encryption.strict()), MAX_POLICY_BYTES),
    ]),
    figure(`${PREFIXES} prefix rules: bytes`, 'B', bytes(many), MAX_POLICY_BYTES),
    figure(`${PREFIXES} prefix rules, with everything: bytes`, 'B', new Samples([withEverything(many)]), MAX_POLICY_BYTES),
  ];
}

/** As it stands in the template of a stack whose every name is known. */
function withEverything(encryption: ObjectEncryption): number {
  const stack = new Stack(new App(), 'Everything', { env: { account: '111122223333', region: 'eu-west-1' } });
  const data = new EncryptedBucket(stack, 'Data', {
    bucketName: BUCKET_NAME,
    encryption,
    configurationAdmins: ['arn:aws:iam::111122223333:role/storage-admin'],
  });
  const text = JSON.stringify(stack.resolve(data.bucket.policy?.document));
  // The only references: the ARN of the bucket itself, and the partition.
  const named = text
    .replace(/\{"Fn::GetAtt":\["[A-Za-z0-9]+","Arn"\]\}/g, `"arn:aws:s3:::${BUCKET_NAME}"`)
    .replace(/\{"Ref":"AWS::Partition"\}/g, '"aws"');
  const joined = named.replace(/\{"Fn::Join":\["",(\[[^\]]*\])\]\}/g, (_, parts) => JSON.stringify(JSON.parse(parts).join('')));
  return Buffer.byteLength(joined);
}

function prefixOf(n: number): string {
  return `team-${String(n).padStart(2, '0')}/data/`;
}

function synthOfPrefixes(progress: Progress): Row[] {
  return withScratch((folder) => {
    const app = join(__dirname, 'apps', 'prefixes.cjs');
    const run = (kind: string) => () => runNode([app, kind, join(folder, kind), String(PREFIXES), String(KEYS_EACH)]).millis;
    const measures = { plain: run('plain'), guarded: run('guarded'), prefixes: run('prefixes') };
    const { plain, guarded, prefixes } = inTurns(TURNS, measures, 'synth of prefix rules', progress);
    return [
      compared(`synth: EncryptedBucket with ${PREFIXES} prefix rules / s3.Bucket`, 'ms', prefixes, plain),
      compared(`synth: EncryptedBucket with ${PREFIXES} prefix rules / without`, 'ms', prefixes, guarded),
    ];
  });
}
