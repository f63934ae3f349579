import fc from 'fast-check';
import { type WrittenObject, writtenObjectsIn } from '../../lambda/encryption-enforcer/parse-event';
import { backoffSeconds, resend, revived } from '../../lambda/encryption-enforcer/resend';
import { MalformedEventError, RetryableError } from '../../lambda/shared/errors';

const SEEDED = { seed: 20261112, numRuns: 1000 } as const;
const DAY = 24 * 3600 * 1000;
const NOW = new Date('2026-11-12T10:00:00.000Z');
const OBJECT: WrittenObject = {
  bucket: 'data-bucket',
  key: 'reports/2026 ä+%.csv',
  versionId: 'v1',
  etag: '0123456789abcdef0123456789abcdef',
  writtenAt: new Date('2026-11-12T09:59:00Z'),
};

/** What the next receiver of the message reads. */
async function received(object: WrittenObject, now = NOW): Promise<WrittenObject> {
  const sent: unknown[][] = [];
  await resend(object, 'events', 7, async (...args) => void sent.push(args), now);
  const [[queue, body, delay] = [], ...others] = sent;
  expect([queue, delay, others]).toEqual(['events', 7, []]);
  const [read, ...more] = writtenObjectsIn(String(body));
  if (read === undefined || more.length > 0) throw new Error(`${body}`);
  return read;
}

describe('what is sent anew', () => {
  test('names the same object, and counts', async () => {
    const once = await received(OBJECT);
    expect(once).toEqual({ ...OBJECT, resends: 1, throttles: 0, resentSince: NOW });
    const later = new Date(NOW.getTime() + DAY);
    await expect(received(once, later)).resolves.toEqual({ ...OBJECT, resends: 2, throttles: 0, resentSince: NOW });
  });

  test('has only characters that SQS takes, whatever the key', async () => {
    const key = 'a\ufffe\uffffb\ufffd\u0001\u{1F600}';
    const bodies: string[] = [];
    await resend({ ...OBJECT, key }, 'events', 0, async (_, body) => void bodies.push(body), NOW);
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    expect(bodies[0]).toMatch(/^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]+$/u);
    await expect(received({ ...OBJECT, key })).resolves.toMatchObject({ key });
  });

  test('leaves out what is not known of the object', async () => {
    const { bucket, key } = OBJECT;
    await expect(received({ bucket, key })).resolves.toEqual({ bucket, key, resends: 1, throttles: 0, resentSince: NOW });
  });

  test('is given up after three days, and says how often it was tried', async () => {
    const at = (millis: number) => received({ ...OBJECT, resends: 4711, resentSince: NOW }, new Date(NOW.getTime() + millis));
    await expect(at(3 * DAY)).resolves.toMatchObject({ resends: 4712 });
    await expect(at(3 * DAY + 1)).rejects.toThrow(RetryableError);
    await expect(at(3 * DAY + 1)).rejects.toThrow(/sent anew 4711 times since 2026-11-12T10:00:00.000Z/);
  });

  test('that cannot be sent is an error', async () => {
    const send = async () => {
      throw new Error('SQS does not take it');
    };
    await expect(resend(OBJECT, 'events', 0, send, NOW)).rejects.toThrow('SQS does not take it');
  });
});

describe('a message that is received', () => {
  const waiting: WrittenObject = { ...OBJECT, resends: 40, throttles: 2, resentSince: NOW };

  test('goes on counting', () => {
    expect(revived(waiting, new Date(NOW.getTime() + 3 * DAY))).toEqual(waiting);
    expect(revived(OBJECT, new Date(NOW.getTime() + 30 * DAY))).toEqual(OBJECT);
  });

  test('after it had been given up has all its time again: only a redrive sends so late', async () => {
    const redrivenAt = new Date(NOW.getTime() + 3 * DAY + 1);
    const again = revived(waiting, redrivenAt);
    await expect(received(again, redrivenAt)).resolves.toEqual({ ...OBJECT, resends: 1, throttles: 0, resentSince: redrivenAt });
  });

  test('from somebody else, who says that it waits since a day to come, is given up like any other', async () => {
    const forged = { ...waiting, resentSince: new Date('9999-12-31T00:00:00Z') };
    await expect(received(revived(forged, NOW))).resolves.toEqual({ ...OBJECT, resends: 1, throttles: 0, resentSince: NOW });
  });

  test.each(['resends', 'throttles'])(
    'from somebody else, with %s below 0, which would shorten delays, is no message of ours',
    async (count) => {
      const detail = { ...OBJECT, resends: 1, throttles: 1, [count]: -1000 };
      const body = JSON.stringify({ source: 'cdk-s3-encryption-guard', 'detail-type': 'Object To Verify', detail });
      expect(() => writtenObjectsIn(body)).toThrow(MalformedEventError);
    },
  );
});

const randoms = fc.double({ min: 0, max: 1, noNaN: true });
const counts = fc.integer({ min: 0, max: 10_000 });

test('a delay is a whole number of seconds that SQS takes, and never none', () => {
  fc.assert(
    fc.property(counts, randoms, (throttles, random) => {
      const seconds = backoffSeconds({ ...OBJECT, throttles }, random);
      expect(Number.isInteger(seconds)).toBe(true);
      expect(seconds).toBeGreaterThanOrEqual(5);
      expect(seconds).toBeLessThanOrEqual(900);
    }),
    SEEDED,
  );
});

test('a delay doubles with each time in a row, up to the most that SQS has', () => {
  const longest = Array.from({ length: 9 }, (_, throttles) => backoffSeconds({ ...OBJECT, throttles }, 1));
  expect(longest).toEqual([10, 20, 40, 80, 160, 320, 640, 900, 900]);
  expect(backoffSeconds(OBJECT, 1)).toBe(10);
});

test('delays of messages that fail together differ by up to half, so that they do not come back together', () => {
  for (const throttles of [0, 3, 20]) {
    const [least, most] = [0, 1].map((random) => backoffSeconds({ ...OBJECT, throttles }, random)) as [number, number];
    expect(least * 2).toBe(most);
    const drawn = new Set(Array.from({ length: 100 }, (_, at) => backoffSeconds({ ...OBJECT, throttles }, at / 100)));
    expect(drawn.size).toBeGreaterThan(4);
  }
});
