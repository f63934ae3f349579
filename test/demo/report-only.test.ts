import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPORT_ONLY_CASES } from '../../demo/report-only/cases';
import { countsOf } from '../../demo/report-only/numbers';
import type { Row } from '../../demo/row';
import { UPLOAD_MATRIX } from '../../demo/upload-matrix';
import type { Resource, Statement } from '../support/stacks';

describe('the uploads', () => {
  test('are those of the whole demo but of what re-encrypts, and none is denied, moved or tagged', () => {
    expect(REPORT_ONLY_CASES.map(({ bucket, header, manner, folder }) => [bucket, header, manner, folder])).toEqual(
      UPLOAD_MATRIX.filter(({ bucket }) => bucket !== 'MendedBucket').map(({ bucket, header, manner, folder }) => [
        bucket,
        header,
        manner,
        folder,
      ]),
    );
    for (const { deniedBy, expected, underLimit } of REPORT_ONLY_CASES) {
      expect(deniedBy).toEqual([]);
      for (const ending of [expected, ...(underLimit ? [underLimit.expected] : [])]) {
        expect(['compliant', 'reported']).toContain(ending.outcome);
        expect(ending.location).toBe('its bucket');
      }
    }
  });

  test.each([
    ['KmsBucket', 'no header', 'wrong-scheme'],
    ['KmsBucket', 'aws:kms, right key', undefined],
    ['KmsBucket', 'aws:kms, foreign key', 'wrong-key'],
    ['S3Bucket', 'no header', undefined],
    ['DsseBucket', 'no header', 'wrong-scheme'],
    ['DsseBucket', 'aws:kms:dsse, right key', undefined],
    ['DsseBucket', 'SSE-C', 'wrong-scheme'],
    ['ClientSideBucket', 'aws:kms, other key', 'wrong-scheme'],
  ])('into %s with %s are reported as %s', (bucket, header, reason) => {
    const found = REPORT_ONLY_CASES.filter((each) => each.bucket === bucket && each.header === header && each.manner === 'put');
    expect(found.length).toBeGreaterThan(0);
    expect(found.map(({ expected }) => expected.reason)).toEqual(found.map(() => reason));
  });
});

test('the numbers count uploads by bucket, header and verdict, the most frequent first, and no upload without a verdict', () => {
  const row = (bucket: string, header: string, verdict?: object) => ({ upload: { case: { bucket, header } }, verdict }) as unknown as Row;
  const wrong = { outcome: 'reported', reason: 'wrong-scheme' };
  const rows = [
    row('S3Bucket', 'SSE-C', wrong),
    row('KmsBucket', 'AES256', wrong),
    row('KmsBucket', 'no header', wrong),
    row('KmsBucket', 'no header', wrong),
    row('KmsBucket', 'no header', { outcome: 'compliant' }),
    row('KmsBucket', 'aws:kms, no key'),
  ];
  expect(countsOf(rows).map((count) => Object.values(count))).toEqual([
    ['KmsBucket', 'no header', 'wrong-scheme', 2],
    ['KmsBucket', 'AES256', 'wrong-scheme', 1],
    ['KmsBucket', 'no header', 'compliant', 1],
    ['S3Bucket', 'SSE-C', 'wrong-scheme', 1],
  ]);
});

describe('what is deployed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-only-'));
  let resources: readonly Resource[] = [];
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(() => {
    const env = { ...process.env, CDK_OUTDIR: folder, CDK_DEFAULT_ACCOUNT: '111122223333', CDK_DEFAULT_REGION: 'eu-west-1' };
    execFileSync(process.execPath, ['--require', 'tsx/cjs', join(__dirname, '../../demo/report-only/app.ts')], { env });
    const file = readdirSync(folder).find((name) => name.endsWith('.template.json')) ?? '';
    resources = Object.values(JSON.parse(readFileSync(join(folder, file), 'utf8')).Resources);
  });

  const ofType = (type: string) => resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);

  test('leaves the buckets their old default encryption, and refuses nothing but plain HTTP', () => {
    const defaults = ofType('AWS::S3::Bucket').map(
      ({ BucketEncryption }) => BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm,
    );
    // The last is the quarantine.
    expect(defaults.sort()).toEqual(['AES256', 'AES256', 'AES256', 'AES256', 'aws:kms']);
    const live = ofType('AWS::S3::BucketPolicy').filter(({ Bucket }) => /^Under/.test(Bucket.Ref));
    expect(live).toHaveLength(4);
    const statements: Statement[] = live.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    expect(statements.map(({ Effect, Condition }) => [Effect, Condition])).toEqual(
      live.map(() => ['Deny', { Bool: { 'aws:SecureTransport': 'false' } }]),
    );
  });

  test('reports, and has no right to change an object of these buckets', () => {
    const rules = ofType('AWS::SSM::Parameter').map(({ Value }) => JSON.stringify(Value));
    expect(rules).toHaveLength(4);
    for (const rule of rules) expect(rule).toContain('\\"action\\":\\"report\\"');
    const statements: Statement[] = ofType('AWS::IAM::Policy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const onLive = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('"Under'));
    const actions = onLive.flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => /Put|Delete|Tagging|\*/.test(action))).toEqual([]);
  });
});
