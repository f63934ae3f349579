import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { loadConfig } from '../../lambda/security-hub-findings/config';
import { findingIdOf } from '../../lambda/security-hub-findings/finding';
import { importBatch, type RefusedFinding } from '../../lambda/security-hub-findings/import-findings';
import { objectEventIn } from '../../lambda/security-hub-findings/object-event';
import { objectEvent, type SampleEvent } from '../support/object-event';

const CONFIG = loadConfig({
  PRODUCT_ARN: 'arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default',
  RUNBOOK_URL: 'https://runbook',
});

describe('a batch', () => {
  const record = (messageId: string, event: SampleEvent | string): SQSRecord =>
    ({ messageId, body: typeof event === 'string' ? event : JSON.stringify(objectEvent(event)) }) as SQSRecord;
  const numbered = (count: number) => Array.from({ length: count }, (_, i) => record(`m${i}`, { detail: { key: `k${i}` } }));

  async function importing(Records: SQSRecord[], answer: (findings: readonly AwsSecurityFinding[]) => RefusedFinding[] = () => []) {
    const calls: (readonly AwsSecurityFinding[])[] = [];
    const errors: { message: string; error: unknown; fields: Readonly<Record<string, unknown>> }[] = [];
    const { batchItemFailures } = await importBatch({ Records } as SQSEvent, {
      config: CONFIG,
      importFindings: async (findings) => {
        calls.push(findings);
        return answer(findings);
      },
      log: () => undefined,
      logError: (message, error, fields) => errors.push({ message, error, fields }),
    });
    return { calls, errors, failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
  }

  test('is one call of a hundred findings at most, and no finding is left out', async () => {
    const { calls, failed } = await importing(numbered(201));
    expect(calls.map((findings) => findings.length)).toEqual([100, 100, 1]);
    expect(new Set(calls.flat().map(({ Id }) => Id)).size).toBe(201);
    expect(failed).toEqual([]);
  });

  test('of one object sends the last word only, in whatever order the events come', async () => {
    const first = record('m1', { detail: { outcome: 'quarantined' } });
    const last = record('m2', { 'detail-type': 'S3 Object Released', time: '2026-11-22T11:00:00Z' });
    for (const Records of [
      [first, last],
      [last, first],
    ]) {
      const { calls, failed } = await importing(Records);
      expect(calls.flat().map((finding) => finding.Compliance?.Status)).toEqual(['PASSED']);
      expect(failed).toEqual([]);
    }
  });

  test('tries those again that were refused, and only those', async () => {
    const { failed, errors } = await importing(numbered(3), (findings) => [
      { id: findings[1]?.Id ?? '', code: 'InternalError', message: 'no luck' },
    ]);
    expect(failed).toEqual(['m1']);
    expect(errors).toMatchObject([{ message: 'finding not taken', error: { message: 'InternalError: no luck' } }]);
  });

  test('tries all again where Security Hub names one that was not sent', async () => {
    const { failed } = await importing(numbered(2), () => [{ id: 'another', code: 'InternalError', message: '' }]);
    expect(failed).toEqual(['m0', 'm1']);
  });

  test('tries all again where the call failed as a whole', async () => {
    const { failed, errors } = await importing(numbered(2), () => {
      throw Object.assign(new Error('slow down'), { name: 'LimitExceededException' });
    });
    expect(failed).toEqual(['m0', 'm1']);
    expect(errors).toMatchObject([{ message: 'findings not imported', fields: { findings: 2 } }]);
  });

  test.each([
    [
      'of each finding',
      () => [{ id: findingIdOf(objectEventIn(JSON.stringify(objectEvent()))), code: 'InvalidAccess', message: 'not enabled' }],
    ],
    [
      'of the call',
      () => {
        throw Object.assign(new Error('not subscribed'), { name: 'InvalidAccessException' });
      },
    ],
  ])('says what to do where Security Hub is not enabled, told %s, and loses nothing', async (_, answer) => {
    const { failed, errors } = await importing([record('m1', {})], answer);
    expect(failed).toEqual(['m1']);
    expect(errors[0]?.fields['remedy']).toBe(
      'Enable AWS Security Hub CSPM in account 111122223333, eu-west-1, then redrive the dead-letter queue; or take securityHubFindings off.',
    );
  });

  test.each([
    ['no JSON', 'hello', /the message is no event/],
    ['no detail', '{"detail-type":"S3 Object Released"}', /no detail/],
    ['an event of somebody else', JSON.stringify({ ...objectEvent(), 'detail-type': 'Object Created' }), /"Object Created"/],
    ['no time', JSON.stringify({ ...objectEvent(), time: undefined }), /time is undefined/],
    ['no key', JSON.stringify(objectEvent({ detail: { key: undefined } })), /does not say its key/],
    ['no bucket', JSON.stringify(objectEvent({ detail: { bucket: '' } })), /does not say its bucket/],
    ['no enforcer', JSON.stringify(objectEvent({ detail: { enforcer: 1 } })), /does not say its enforcer/],
  ])('with %s in it fails that message, and no other', async (_, body, message) => {
    const { failed, calls, errors } = await importing([record('bad', body), record('good', {})]);
    expect(failed).toEqual(['bad']);
    expect(calls.flat()).toHaveLength(1);
    expect(String(errors[0]?.error)).toMatch(message);
  });
});
