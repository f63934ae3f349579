import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { figuresOf } from '../../lambda/encryption-digest/figures';
import { metricReader } from '../../lambda/encryption-digest/metric-series';
import { queriesOf } from '../../lambda/encryption-digest/queries';
import { weeksBefore } from '../../lambda/encryption-digest/weeks';
import { type Answered, DigestEndpoint, type Measured } from '../support/digest-endpoint';
import { DAY, DIGESTED, END, MONDAY, measuredFrom, objectOf } from '../support/digest-week';

const WEEKS = weeksBefore(new Date(MONDAY));

let endpoint: DigestEndpoint;
let client: CloudWatchClient;

beforeEach(async () => {
  endpoint = await new DigestEndpoint().start();
  client = new CloudWatchClient({ endpoint: endpoint.url, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
});

afterEach(() => endpoint.stop());

const figures = async () => figuresOf(DIGESTED, await metricReader(client)(queriesOf(DIGESTED), WEEKS), WEEKS);

describe('what CloudWatch leaves unanswered is no zero, but an error:', () => {
  const forFirst =
    (change: Readonly<Record<string, unknown>>) =>
    (answer: Answered): Answered => ({
      ...answer,
      MetricDataResults: answer.MetricDataResults.map((result, at) => (at === 0 ? { ...result, ...change } : result)),
    });

  test.each<[string, (answer: Answered) => Answered, RegExp]>([
    [
      'a metric that is missing',
      (answer) => ({ ...answer, MetricDataResults: answer.MetricDataResults.slice(1) }),
      /nothing of e0_compliant/,
    ],
    ['an empty answer', () => ({ MetricDataResults: [] }), /nothing of e0_compliant/],
    ['data that is partial, and no page more', forFirst({ StatusCode: 'PartialData' }), /e0_compliant is PartialData/],
    ['an internal error', forFirst({ StatusCode: 'InternalError' }), /e0_compliant is InternalError/],
    ['what is forbidden', forFirst({ StatusCode: 'Forbidden' }), /e0_compliant is Forbidden/],
    ['no status', forFirst({ StatusCode: undefined }), /e0_compliant is undefined/],
    ['a remark about a metric', forFirst({ Messages: [{ Code: 'Odd', Value: 'not all' }] }), /e0_compliant: Odd: not all/],
    [
      'a remark about the call',
      (answer) => ({ ...answer, Messages: [{ Code: 'TooMany', Value: 'Maximum number of allowed metrics exceeded' }] }),
      /TooMany: Maximum/,
    ],
    ['a time without a value', forFirst({ Timestamps: [END / 1000 - 1], Values: [] }), /e0_compliant has values without a time/],
  ])('%s', async (_, distort, message) => {
    endpoint.measured = measuredFrom([objectOf(['CompliantObjects'])]);
    endpoint.distort = distort;
    await expect(figures()).rejects.toThrow(message);
  });

  test('a page that does not come', async () => {
    endpoint.measured = measuredFrom([objectOf(['CompliantObjects']), objectOf(['CompliantObjects'], { at: END - 3 * DAY })]);
    endpoint.pageSize = 1;
    endpoint.distort = ({ NextToken: _, ...answer }) => answer;
    await expect(figures()).rejects.toThrow(/is PartialData/);
  });

  test('more of the canary than of all', async () => {
    const ofCanary = ({ dimensions }: Measured) => dimensions['Bucket'] === 'canaries';
    endpoint.measured = measuredFrom([objectOf(['CompliantObjects'], { bucket: 'canaries' })]).filter(ofCanary);
    await expect(figures()).rejects.toThrow(/more of e0_compliant_of_canary than of e0_compliant/);
  });
});
