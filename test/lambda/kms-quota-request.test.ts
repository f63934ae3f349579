import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { answerTo } from '../../lambda/kms-quota-request/custom-resource';
import type { Quota, QuotaService } from '../../lambda/kms-quota-request/request-increase';
import type { EarlierRequest } from '../../lib/domain/quota-increase';

const SYMMETRIC = 'Cryptographic operations (symmetric) request rate';

/** Service Quotas as it keeps what it is told: a request is open from when it was asked. */
class StubQuotas implements QuotaService {
  readonly asked: number[] = [];

  constructor(
    private readonly now: Quota = { name: SYMMETRIC, value: 10_000 },
    private readonly earlier: readonly EarlierRequest[] = [],
    private readonly somebodyIsFaster = false,
  ) {}

  async quota() {
    return this.now;
  }

  async earlierRequests() {
    return [...this.earlier, ...this.asked.map((desiredValue) => ({ status: 'PENDING', desiredValue }))];
  }

  async ask(value: number) {
    if (this.somebodyIsFaster) return false;
    this.asked.push(value);
    return true;
  }
}

function eventOf(RequestType: 'Create' | 'Update' | 'Delete', RequestsPerSecond: unknown = '50000'): CloudFormationCustomResourceEvent {
  return {
    RequestType,
    RequestsPerSecond,
    StackId: 'the-stack',
    RequestId: 'the-request',
    LogicalResourceId: 'Request',
    ResponseURL: 'https://example.com/',
    ResourceType: 'Custom::KmsQuotaIncrease',
    ServiceToken: 'the-function',
    ResourceProperties: { ServiceToken: 'the-function', RequestsPerSecond },
    ...(RequestType !== 'Create' && { PhysicalResourceId: 'kms-symmetric-request-quota', OldResourceProperties: {} }),
  } as unknown as CloudFormationCustomResourceEvent;
}

describe('a custom resource for a higher quota', () => {
  test('asks once, however often it is deployed', async () => {
    const service = new StubQuotas();
    const first = await answerTo(eventOf('Create'), service);
    const second = await answerTo(eventOf('Create'), service);
    const third = await answerTo(eventOf('Update'), service);
    expect(service.asked).toEqual([50_000]);
    expect([first, second, third].map(({ Status, Data }) => [Status, Data?.['Outcome']])).toEqual([
      ['SUCCESS', 'asked'],
      ['SUCCESS', 'asked-already'],
      ['SUCCESS', 'asked-already'],
    ]);
  });

  test.each([
    ['the account has it', new StubQuotas({ name: SYMMETRIC, value: 100_000 }), 'enough-already', 100_000],
    [
      'a request for less is open',
      new StubQuotas(undefined, [{ status: 'CASE_OPENED', desiredValue: 20_000 }]),
      'another-request-is-open',
      10_000,
    ],
    ['somebody asks at the same moment', new StubQuotas(undefined, [], true), 'another-request-is-open', 10_000],
  ])('succeeds without asking where %s', async (_, service, Outcome, AppliedQuota) => {
    expect(await answerTo(eventOf('Create'), service)).toMatchObject({ Status: 'SUCCESS', Data: { Outcome, AppliedQuota } });
    expect(service.asked).toEqual([]);
  });

  test('asks nobody anything when it is deleted', async () => {
    const silent = new Proxy({} as QuotaService, {
      get: () => {
        throw new Error('was asked');
      },
    });
    expect(await answerTo(eventOf('Delete'), silent)).toMatchObject({ Status: 'SUCCESS' });
  });

  test('is the same resource ever after, so that no update deletes another', async () => {
    const ids = await Promise.all(
      (['Create', 'Update', 'Delete'] as const).map(async (type) => (await answerTo(eventOf(type), new StubQuotas())).PhysicalResourceId),
    );
    const failed = await answerTo(eventOf('Create', 'many'), new StubQuotas());
    expect(new Set([...ids, failed.PhysicalResourceId])).toEqual(new Set(['kms-symmetric-request-quota']));
  });

  test('tells CloudFormation for which request it answers', async () => {
    const names = { StackId: 'the-stack', RequestId: 'the-request', LogicalResourceId: 'Request' };
    expect(await answerTo(eventOf('Create'), new StubQuotas())).toMatchObject(names);
    expect(await answerTo(eventOf('Delete'), new StubQuotas())).toMatchObject(names);
  });

  test('fails, asking nothing, where the code means another quota', async () => {
    const service = new StubQuotas({ name: 'Cryptographic operations (RSA) request rate', value: 1000 });
    const { Status, Reason } = (await answerTo(eventOf('Create'), service)) as { Status: string; Reason: string };
    expect(Status).toBe('FAILED');
    expect(Reason).toMatch(
      /calls L-6E3AF000 "Cryptographic operations \(RSA\) request rate", .* nothing was asked\. Remove the KmsQuotaIncrease/,
    );
    expect(service.asked).toEqual([]);
  });

  test('fails with what Service Quotas says', async () => {
    const service = new StubQuotas();
    service.ask = async () => {
      throw Object.assign(new Error('x'.repeat(5000)), { name: 'QuotaExceededException' });
    };
    const answer = (await answerTo(eventOf('Create'), service)) as { Status: string; Reason: string };
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(/^The KMS request quota: QuotaExceededException: x+$/);
    // CloudFormation refuses answers over 4 KB, and then waits.
    expect(JSON.stringify(answer).length).toBeLessThan(4096);
  });

  test.each(['many', '', ' ', '-1', '0', 'NaN', 'Infinity', undefined, 50_000])('fails for %p requests a second', async (given) => {
    const service = new StubQuotas();
    expect(
      await answerTo(
        { ...eventOf('Create'), ResourceProperties: { ServiceToken: 'f', RequestsPerSecond: given } } as CloudFormationCustomResourceEvent,
        service,
      ),
    ).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('must be a number above 0'),
    });
    expect(service.asked).toEqual([]);
  });
});
