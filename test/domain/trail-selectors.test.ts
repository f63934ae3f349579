import { MAX_RECORDED_BUCKETS, selectorValues, trailSelectors } from '../../lib/domain/trail-selectors';

const arns = (count: number) => Array.from({ length: count }, (_, i) => `arn:aws:s3:::bucket-${i}`);

test('select everything that is managed, and the objects of each bucket, by prefixes that end in a slash', () => {
  expect(trailSelectors(['arn:aws:s3:::a', 'arn:aws:s3:::b']).map(({ fieldSelectors }) => fieldSelectors)).toEqual([
    [{ field: 'eventCategory', equalTo: ['Management'] }],
    [
      { field: 'eventCategory', equalTo: ['Data'] },
      { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
      { field: 'resources.ARN', startsWith: ['arn:aws:s3:::a/', 'arn:aws:s3:::b/'] },
    ],
  ]);
});

test('take 497 buckets: 500 values, of which three say what kind of event', () => {
  expect(MAX_RECORDED_BUCKETS).toBe(497);
  expect(selectorValues(trailSelectors(arns(497)))).toBe(500);
});

test('without buckets, management events only: a condition without values is none', () => {
  expect(trailSelectors([]).map(({ fieldSelectors }) => fieldSelectors)).toEqual([[{ field: 'eventCategory', equalTo: ['Management'] }]]);
});
