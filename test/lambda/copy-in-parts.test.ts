import { copyInParts } from '../../lambda/shared/copy-in-parts';
import { RetryableError, ThrottledError } from '../../lambda/shared/errors';
import type { ObjectStore, PartRange } from '../../lambda/shared/object-store';
import { partRanges } from '../../lambda/shared/part-ranges';
import type { Upload } from '../support/in-memory-object-store';
import { BUCKET, QUARANTINE, QUARANTINE_KEY, SSE_S3, upload, world } from '../support/lambda-enforcer-world';
import { type Around, intercepted, watched } from '../support/lambda-intercepted-store';

const SIZE = 20 * 512 * 1024 ** 2 + 1;
const PARTS = partRanges(SIZE).map(({ number }) => number);
const LARGE: Upload = { body: 'large', size: SIZE, encryption: SSE_S3, metadata: { author: 'ann' }, tags: { team: 'blue' } };
const TARGET = { bucket: QUARANTINE, key: 'objects/copy', kmsKeyArn: QUARANTINE_KEY };
const NEVER = new AbortController().signal;

/** A large object, and one try to copy it. */
async function given(versioning: 'enabled' | 'never' = 'enabled') {
  const { store: memory } = world({ versioning });
  const object = upload(memory, LARGE);
  const head = await memory.head(object);
  if (head.status !== 'found') throw new Error('it is there');
  const source = { ...object, head: head.head };
  const attempt = async (store: ObjectStore = memory, timeIsUp: AbortSignal = NEVER, remainingMillis = () => 120_000) => {
    const { store: watching, calls } = watched(store);
    const result = await copyInParts(source, TARGET, watching, { isUp: timeIsUp, remainingMillis }).catch((error: unknown) => error);
    const copied = calls.filter(({ operation }) => operation === 'copyPart').map(({ args }) => (args[3] as PartRange).number);
    return { result, copied, operations: calls.map(({ operation }) => operation) };
  };
  return { memory, source, attempt };
}

const around = (store: ObjectStore, operation: keyof ObjectStore, act: (count: number, perform: () => Promise<unknown>) => unknown) => {
  let count = 0;
  const acting: Around = async (call, perform) => {
    if (call.operation !== operation) return perform();
    count += 1;
    return (await act(count, perform)) as Awaited<ReturnType<typeof perform>>;
  };
  return intercepted(store, acting);
};

test('an object is copied whole, part by part, with its metadata and tags, under the key of the quarantine', async () => {
  const { memory, attempt } = await given();
  const { result, copied } = await attempt();
  const [copy, ...others] = memory.versionsOf(QUARANTINE, TARGET.key);
  expect(result).toEqual({ status: 'copied', versionId: copy?.versionId });
  expect(others).toEqual([]);
  const { body, size, metadata, tags } = LARGE;
  expect(copy).toMatchObject({ body, size, metadata, tags, encryption: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: QUARANTINE_KEY } });
  expect([...copied].sort((a, b) => a - b)).toEqual(PARTS);
  expect(memory.multipart.openUploads).toBe(0);
});

test('parts may arrive in any order', async () => {
  const { memory, attempt } = await given();
  const late = around(memory, 'copyPart', async (count, perform) => {
    await new Promise((resolve) => setTimeout(resolve, count % 8 === 1 ? 30 : 1));
    return perform();
  });
  expect((await attempt(late)).result).toMatchObject({ status: 'copied' });
  expect(memory.versionsOf(QUARANTINE, TARGET.key)).toEqual([expect.objectContaining({ body: 'large', size: SIZE })]);
});

test('no more than eight parts are in flight', async () => {
  const { memory, attempt } = await given();
  let [now, most] = [0, 0];
  const counting = around(memory, 'copyPart', async (_, perform) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setTimeout(resolve, 1));
    now -= 1;
    return perform();
  });
  await attempt(counting);
  expect(most).toBe(8);
});

describe('when time is up', () => {
  test('no part is begun any more, what was copied stays, and the next try copies the rest only', async () => {
    const { memory, attempt } = await given();
    const clock = new AbortController();
    const untilTen = around(memory, 'copyPart', (count, perform) => {
      if (count === 10) clock.abort();
      return perform();
    });
    const first = await attempt(untilTen, clock.signal);
    expect(first.result).toEqual({ status: 'unfinished', progress: true });
    expect(first.copied.length).toBeLessThan(PARTS.length);
    expect(first.operations).not.toContain('abandonCopy');
    expect(memory.multipart.openUploads).toBe(1);
    expect(memory.versionsOf(QUARANTINE, TARGET.key)).toEqual([]);

    const second = await attempt();
    expect(second.result).toMatchObject({ status: 'copied' });
    expect(second.operations).not.toContain('startCopy');
    expect([...first.copied, ...second.copied].sort((a, b) => a - b)).toEqual(PARTS);
    expect(memory.versionsOf(QUARANTINE, TARGET.key)).toEqual([expect.objectContaining({ body: 'large', size: SIZE })]);
  });

  test('a part that is cut off is no error', async () => {
    const { memory, attempt } = await given();
    const clock = new AbortController();
    const cutOff = around(memory, 'copyPart', async (count, perform) => {
      if (count < 12) return perform();
      clock.abort();
      throw new RetryableError('AbortError');
    });
    expect((await attempt(cutOff, clock.signal)).result).toEqual({ status: 'unfinished', progress: true });
    expect(memory.multipart.openUploads).toBe(1);
  });

  test('before the first part, nothing is copied', async () => {
    const { attempt } = await given();
    expect(await attempt(undefined, AbortSignal.abort())).toMatchObject({ result: { status: 'unfinished', progress: false }, copied: [] });
  });
});

test('a try that died with all parts copied is only completed', async () => {
  const { memory, attempt } = await given();
  const dies = around(memory, 'completeCopy', () => {
    throw new RetryableError('died');
  });
  expect((await attempt(dies)).result).toBeInstanceOf(RetryableError);
  const second = await attempt();
  expect(second).toMatchObject({ result: { status: 'copied' }, copied: [] });
});

describe('a copy is given up, and leaves nothing behind, if in the midst of it the object', () => {
  test.each<[string, 'changed' | 'gone', (store: Awaited<ReturnType<typeof given>>['memory']) => void]>([
    ['is overwritten', 'changed', (memory) => void upload(memory, { ...LARGE, body: 'newer' })],
    ['is deleted', 'gone', (memory) => void memory.remove(BUCKET, 'reports/2026.csv')],
  ])('%s', async (_, status, change) => {
    const { memory, attempt } = await given('never');
    const changing = around(memory, 'copyPart', (count, perform) => {
      if (count === 9) change(memory);
      return perform();
    });
    const { result, copied } = await attempt(changing);
    expect(result).toEqual({ status });
    expect(copied.length).toBeLessThan(PARTS.length);
    expect(memory.multipart.openUploads).toBe(0);
    expect(memory.keysOf(QUARANTINE)).toEqual([]);
  });

  test('is refused', async () => {
    const { memory, attempt } = await given();
    const refusing = around(memory, 'copyPart', (count, perform) => (count < 9 ? perform() : { status: 'refused', why: 'AccessDenied' }));
    expect((await attempt(refusing)).result).toEqual({ status: 'refused', why: 'AccessDenied' });
    expect(memory.multipart.openUploads).toBe(0);
  });
});

test('a copy that cannot be begun is not', async () => {
  const { memory, attempt } = await given();
  const refusing = around(memory, 'startCopy', () => ({ status: 'refused', why: 'AccessDenied' }));
  const { result, operations } = await attempt(refusing);
  expect(result).toEqual({ status: 'refused', why: 'AccessDenied' });
  expect(operations).not.toContain('copyPart');
});

describe('a copy that another try completed, gave up or went on with is looked at afresh later, not at once:', () => {
  test.each<[string, keyof ObjectStore, unknown]>([
    ['before its parts were listed', 'copiedParts', undefined],
    ['while a part was copied', 'copyPart', { status: 'upload-gone' }],
    ['before it was completed', 'completeCopy', { status: 'upload-gone' }],
    ['part by part, since its parts were listed', 'completeCopy', { status: 'part-changed' }],
  ])('%s', async (_, operation, answer) => {
    const { memory, attempt } = await given();
    const { result, operations } = await attempt(around(memory, operation, () => answer));
    expect(result).toEqual({ status: 'unfinished', progress: false });
    expect(operations).not.toContain('abandonCopy');
  });
});

test('a part that S3 throttles ends the try, with what was copied kept, and no other part is begun', async () => {
  const { memory, attempt } = await given();
  let begun = 0;
  const throttled = around(memory, 'copyPart', async (count, perform) => {
    begun = count;
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (count === 3) throw new ThrottledError('SlowDown');
    return perform();
  });
  expect((await attempt(throttled)).result).toBeInstanceOf(ThrottledError);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(begun).toBeLessThan(PARTS.length);
  expect(memory.multipart.openUploads).toBe(1);
  expect((await attempt()).result).toMatchObject({ status: 'copied' });
});

describe('completion, which can take minutes,', () => {
  test('is left to an invocation of its own, where less than one is left after the parts', async () => {
    const { memory, attempt } = await given();
    const first = await attempt(memory, NEVER, () => 59_999);
    expect(first).toMatchObject({ result: { status: 'unfinished', progress: true }, copied: expect.arrayContaining(PARTS) });
    expect(first.operations).not.toContain('completeCopy');
    const second = await attempt(memory, NEVER, () => 59_999);
    expect(second).toMatchObject({ result: { status: 'copied' }, copied: [] });
  });

  test('is cut off when time is up, and what S3 did all the same is found', async () => {
    const { memory, attempt } = await given('never');
    const clock = new AbortController();
    const late = around(memory, 'completeCopy', async (_, perform) => {
      await perform();
      clock.abort();
      throw new RetryableError('AbortError');
    });
    expect((await attempt(late, clock.signal)).result).toEqual({ status: 'unfinished', progress: false });
    const second = await attempt();
    const [copy, ...others] = memory.versionsOf(QUARANTINE, TARGET.key);
    expect(second).toMatchObject({ result: { status: 'copied', versionId: copy?.versionId }, copied: [] });
    expect(others).toEqual([]);
  });

  test('names each part as it is now, not as it was when a part that was cut off had not yet arrived', async () => {
    const { memory, source, attempt } = await given();
    let isFirst = true;
    const arriving = around(memory, 'completeCopy', async (_, perform) => {
      const [range, copy] = [partRanges(SIZE)[0], await memory.findCopy(TARGET)];
      if (isFirst && range && copy) await memory.copyPart(source, source.head.etag, copy, range);
      isFirst = false;
      return perform();
    });
    expect((await attempt(arriving)).result).toEqual({ status: 'unfinished', progress: false });
    expect(await attempt(arriving)).toMatchObject({ result: { status: 'copied' }, copied: [] });
  });
});

describe('an object with annotations, which parts leave behind,', () => {
  test.each<[string, Awaited<ReturnType<ObjectStore['annotations']>>, object]>([
    ['is not copied', { status: 'some' }, { status: 'refused', why: 'it has annotations, which a copy in parts leaves behind' }],
    [
      'is told from one of which S3 does not say so, which is not copied either',
      { status: 'refused', why: 'AccessDenied' },
      { status: 'refused', why: 'it may have annotations, which a copy in parts leaves behind: AccessDenied' },
    ],
    ['may be gone by now', { status: 'gone' }, { status: 'gone' }],
  ])('%s', async (_, answer, expected) => {
    const { memory, attempt } = await given();
    const { result, operations } = await attempt(around(memory, 'annotations', () => answer));
    expect(result).toEqual(expected);
    expect(operations).not.toContain('startCopy');
  });
});
