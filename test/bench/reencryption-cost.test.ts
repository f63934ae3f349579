import { costOfMillion, inAll } from '../../bench/reencryption-cost';
import type { Asked } from '../../bench/reencryption-runs';

const NOTHING: Asked = { requests: {}, bytesCopied: 0, bytesQuarantined: 0, dsseWrites: 0, s3Events: 0, announced: 0, outcomes: {} };
const cost = (asked: Partial<Asked>, objects = 1) => costOfMillion({ asked: { ...NOTHING, ...asked }, objects });

describe('a million objects cost', () => {
  test.each([
    ['PutObject', 5],
    ['CopyObject', 5],
    ['UpdateObjectEncryption', 5],
    ['HeadObject', 0.4],
    ['GetObjectTagging', 0.4],
    ['DeleteObject', 0],
  ])('for one %s each, $%p of requests', (kind, dollars) => {
    expect(cost({ requests: { [kind]: 1 } }).requests).toBeCloseTo(dollars, 9);
  });

  test('as much for what several objects took together as for the share of each', () => {
    expect(cost({ requests: { HeadObject: 14, CopyObject: 4 } }, 2)).toEqual(cost({ requests: { HeadObject: 7, CopyObject: 2 } }));
  });

  test('$3 for a request to KMS each, and $1 for an event each, whoever sends it', () => {
    expect(cost({ dsseWrites: 1 }).kms).toBeCloseTo(3, 9);
    expect(cost({ s3Events: 1, announced: 2 }).events).toBeCloseTo(3, 9);
  });

  test('for 1 MiB each, 90 of the 365 days of 976.5625 GB at $0.023 a month', () => {
    expect(cost({ bytesQuarantined: 1_048_576 }).storage).toBeCloseTo((976.5625 * 0.023 * 12 * 90) / 365, 6);
  });

  test('in all what the parts cost', () => {
    expect(inAll(cost({ requests: { PutObject: 1, DeleteObject: 1 }, dsseWrites: 1, s3Events: 1 }))).toBeCloseTo(9, 9);
  });

  test('nothing that is guessed', () => {
    expect(() => cost({ requests: { HeadObject: 1, ListParts: 1, other: 2 } })).toThrow('No price is known of ListParts, other');
  });
});
