import fc from 'fast-check';
import { matchesContext } from '../../demo/policy/encryption-context';
import { consumerStatements, coversBucket, useStatement } from '../../lib/domain/key-policy';
import { SEEDED } from './arbitraries';

const HOME = { partition: 'aws', region: 'eu-west-1', account: '111111111111' };
const ACCOUNTS = ['222222222222'];
/** Few letters, so that one name is often the beginning of another. */
const name = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.', '1'), minLength: 1, maxLength: 5 }).map((text) => `bkt${text}`);
const pattern = fc.tuple(name, fc.boolean()).map(([text, open]) => (open ? `${text}*` : text));
const key = fc.string({ unit: 'binary' });

test('what synthesis takes for a bucket of the key is what the key policy lets through, with and without an S3 Bucket Key', () => {
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1, maxLength: 3 }), name, key, (patterns, bucket, objectKey) => {
      const bucketArns = patterns.map((each) => `arn:aws:s3:::${each}`);
      const [use] = consumerStatements(HOME, { accounts: ACCOUNTS, bucketArns });
      const covered = coversBucket({ accounts: ACCOUNTS, bucketArns }, bucket);
      expect(matchesContext(use?.Condition, `arn:aws:s3:::${bucket}`)).toBe(covered);
      expect(matchesContext(use?.Condition, `arn:aws:s3:::${bucket}/${objectKey}`)).toBe(covered);
    }),
    SEEDED,
  );
});

test('no statement of a consumer names another resource than the keys, or leaves S3 or the bucket out', () => {
  for (const use of ['read', 'write', 'replicate-from', 'replicate-to', 'update-object-encryption'] as const) {
    const { Resource, Condition } = useStatement(use, ['arn:aws:kms:eu-west-1:111111111111:key/1'], 'eu-west-1', ['arn:aws:s3:::bkt']);
    expect(Resource).toEqual(['arn:aws:kms:eu-west-1:111111111111:key/1']);
    expect(Condition?.['StringEquals']).toEqual({ 'kms:ViaService': 's3.eu-west-1.amazonaws.com' });
    expect(matchesContext(Condition, 'arn:aws:s3:::bkt/key')).toBe(true);
    expect(matchesContext(Condition, 'arn:aws:s3:::bkt2')).toBe(false);
  }
});
