import { enforceObject } from '../../lambda/encryption-enforcer/enforce-object';
import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import { CLIENT_SIDE } from '../support/client-side-objects';
import { CLIENT_SIDE_KEY as KEY, clientSideRule as ruleOf, S3EC, summary, verified } from '../support/client-side-world';
import { objectCreated, sqsRecord } from '../support/events';
import type { Upload } from '../support/in-memory-object-store';
import { BUCKET, NOW, OTHER_KEY, upload, type World, world } from '../support/lambda-enforcer-world';
import { meanwhile } from '../support/lambda-intercepted-store';

const FILE = `${KEY}.instruction`;
const CLIENT_ONLY = ruleOf({ formats: [S3EC] });
const WITH_FILES = ruleOf({ formats: [S3EC], instructionFileSuffix: '.instruction' });

describe('where envelopes may lie in instruction files', () => {
  test('an object and its instruction file are compliant, at one and at two requests more', async () => {
    const here = world({ rule: WITH_FILES });
    upload(here.store, CLIENT_SIDE.instructionFile, FILE);
    const object = await verified(here, CLIENT_SIDE.v3WithoutKey);
    expect([object.outcome.kind, object.requests]).toEqual(['compliant', 2]);
    const file = await verified(here, CLIENT_SIDE.instructionFile, FILE);
    expect(file.outcome.kind).toBe('compliant');
    expect(file.calls.map(({ operation }) => operation)).toEqual(['head', 'readStart', 'head']);
  });

  test('an object with all in its metadata needs none', async () => {
    const { outcome, requests } = await verified(world({ rule: WITH_FILES }), CLIENT_SIDE.v3);
    expect([outcome.kind, requests]).toEqual(['compliant', 1]);
  });

  test.each<[string, Upload, string]>([
    ['what is none by its content', CLIENT_SIDE.falseInstructionFile, 'malformed-envelope'],
    ['what is none but by its marker', { ...CLIENT_SIDE.instructionFile, body: 'secret' }, 'malformed-envelope'],
    ['what is more than one holds', { ...CLIENT_SIDE.instructionFile, size: 16 * 1024 + 1 }, 'malformed-envelope'],
    ['what is no text', { ...CLIENT_SIDE.instructionFile, bytes: Buffer.from([0xff, 0xfe]) }, 'malformed-envelope'],
  ])('its name is no way round: %s is moved at once', async (_, object, reason) => {
    const here = world({ rule: WITH_FILES });
    upload(here.store, CLIENT_SIDE.v3WithoutKey, KEY);
    expect(summary((await verified(here, object, FILE)).outcome)).toBe(`quarantined: ${reason}`);
  });

  test.each<[string, Upload]>([
    ['one that says nothing', CLIENT_SIDE.plain],
    ['one that says that it has one', CLIENT_SIDE.v3WithoutKey],
  ])(
    'a key that leaves no room for the suffix is no way round: S3 is not asked for what it cannot hold, nor waited for: %s',
    async (_, object) => {
      const here = world({ rule: WITH_FILES });
      const key = 'k'.repeat(1024 - '.instruction'.length + 1);
      const { outcome, calls } = await verified(here, object, key);
      expect(summary(outcome)).toBe('quarantined: instruction-file-missing');
      expect(calls.map(({ operation }) => operation)).not.toContain('readStart');
      const room = await verified(here, { ...object, lastModified: new Date(NOW) }, key.slice(1));
      expect(room.outcome.kind).toBe('waiting');
    },
  );

  test('the marker alone is no way round under another name', async () => {
    const { outcome } = await verified(world({ rule: WITH_FILES }), CLIENT_SIDE.instructionFile, 'elsewhere.json');
    expect(summary(outcome)).toBe('quarantined: malformed-envelope');
  });

  test('an instruction file is judged as the envelope that it is: whoever writes it anew changes who can decrypt', async () => {
    const rule = ruleOf({ formats: [S3EC], instructionFileSuffix: '.instruction', keyCommitment: false, wrappingKeyArns: [OTHER_KEY] });
    const here = world({ rule });
    upload(here.store, CLIENT_SIDE.v3WithoutKey, KEY);
    const late = { ...here.ports, now: () => new Date('2026-11-12T11:00:00Z') };
    const written = upload(here.store, CLIENT_SIDE.instructionFile, FILE);
    expect(summary(await enforceObject(written, late))).toBe('reported: wrapping-key-unidentified');
  });
});

/** Messages that the function sends to itself, as SQS delivers them: each once its delay is over. */
async function untilQuiet(here: World, body: unknown, arrives: (now: Date) => void = () => undefined) {
  let now = new Date(NOW);
  const delays: number[] = [];
  let next: unknown = body;
  while (next !== undefined) {
    const ports = { ...here.ports, now: () => now };
    expect((await processBatch({ Records: [sqsRecord('m', next)] }, ports)).batchItemFailures).toEqual([]);
    const sent = here.reports.sent.shift();
    if (sent !== undefined) delays.push(sent.delaySeconds);
    now = new Date(now.getTime() + (sent?.delaySeconds ?? 0) * 1000);
    arrives(now);
    next = sent?.body;
  }
  return { delays, verdicts: here.reports.logs.filter((fields) => 'outcome' in fields), waited: (now.getTime() - Date.parse(NOW)) / 1000 };
}

describe('what belongs together need not arrive together:', () => {
  const WRITTEN = new Date(Date.parse(NOW) - 2_000);
  const lone = { ...CLIENT_SIDE.v3WithoutKey, lastModified: WRITTEN };

  test('an object waits for its instruction file', async () => {
    const here = world({ rule: WITH_FILES });
    const event = objectCreated(upload(here.store, lone, KEY));
    let hasCome = false;
    const { delays, verdicts } = await untilQuiet(here, event, (now) => {
      if (!hasCome && now.getTime() - Date.parse(NOW) > 25_000) upload(here.store, CLIENT_SIDE.instructionFile, FILE);
      hasCome ||= now.getTime() - Date.parse(NOW) > 25_000;
    });
    expect(delays).toEqual([10, 12, 24]);
    expect(verdicts).toEqual([expect.objectContaining({ key: KEY, outcome: 'compliant' })]);
  });

  test.each<[string, Upload]>([
    ['one that says so', lone],
    ['one that says nothing', { ...CLIENT_SIDE.plain, lastModified: WRITTEN }],
  ])('ten minutes, and then it is moved: %s', async (_, object) => {
    const here = world({ rule: WITH_FILES });
    const { delays, verdicts, waited } = await untilQuiet(here, objectCreated(upload(here.store, object, KEY)));
    expect(verdicts).toEqual([expect.objectContaining({ outcome: 'quarantined', reason: 'instruction-file-missing' })]);
    expect(waited).toBeGreaterThanOrEqual(598);
    expect(waited).toBeLessThan(605);
    expect(delays.length).toBeLessThan(10);
    // One log line for each time, and no event or metric before there is a verdict.
    expect(here.reports.announced).toHaveLength(1);
    expect(here.reports.counts).toEqual([`NonCompliantObjects ${BUCKET}`, `QuarantinedObjects ${BUCKET}`]);
  });

  test('an answer that was long under way does not use up the time that is left', async () => {
    const here = world({ rule: WITH_FILES });
    const written = upload(here.store, lone, KEY);
    let now = new Date(WRITTEN.getTime() + 599_000);
    // It comes just in time, and too late for this look.
    const store = meanwhile(here.store, 'after', 'readStart', () => {
      upload(here.store, CLIENT_SIDE.instructionFile, FILE);
      now = new Date(now.getTime() + 90_000);
    });
    const ports = { ...here.ports, store, now: () => now };
    await expect(enforceObject(written, ports)).resolves.toMatchObject({ kind: 'waiting', delaySeconds: 1 });
    await expect(enforceObject(written, ports)).resolves.toMatchObject({ kind: 'compliant' });
  });

  test('an instruction file waits for its object, and is then reported, not moved: a multipart upload may take days', async () => {
    const here = world({ rule: WITH_FILES });
    const file = { ...CLIENT_SIDE.instructionFile, lastModified: WRITTEN };
    const { verdicts } = await untilQuiet(here, objectCreated(upload(here.store, file, FILE)));
    expect(verdicts).toEqual([expect.objectContaining({ outcome: 'reported', reason: 'instruction-file-without-object' })]);
    expect(here.store.versionsOf(BUCKET, FILE)).toHaveLength(1);
  });

  test('an instruction file that fits only what its object is to become waits for that, and is never moved', async () => {
    const here = world({ rule: WITH_FILES });
    upload(here.store, CLIENT_SIDE.v2, KEY);
    const file = { ...CLIENT_SIDE.instructionFile, lastModified: WRITTEN };
    const written = upload(here.store, file, FILE);
    await expect(enforceObject(written, here.ports)).resolves.toMatchObject({ kind: 'waiting' });
    const late = { ...here.ports, now: () => new Date('2026-11-12T11:00:00Z') };
    expect(summary(await enforceObject(written, late))).toBe('reported: instruction-file-without-object');
    upload(here.store, CLIENT_SIDE.v3WithoutKey, KEY);
    await expect(enforceObject(written, late)).resolves.toMatchObject({ kind: 'compliant' });
  });

  test('an object that was exempt does not wait', async () => {
    const exemptions = [{ prefix: '', principalArns: [], until: '2027-01-01T00:00:00Z', reason: 'migration' }];
    const here = world({ rule: { ...WITH_FILES, declaration: { ...WITH_FILES.declaration, exemptions } } });
    await expect(enforceObject(upload(here.store, lone, KEY), here.ports)).resolves.toMatchObject({ kind: 'exempt' });
  });

  test('what is missing nothing does not wait: without instruction files, a plain object is moved at once', async () => {
    const here = world({ rule: CLIENT_ONLY });
    const { delays } = await untilQuiet(here, objectCreated(upload(here.store, { ...CLIENT_SIDE.plain, lastModified: WRITTEN }, KEY)));
    expect(delays).toEqual([]);
  });
});
