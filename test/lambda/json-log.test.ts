import { JsonLog } from '../../lambda/shared/json-log';

/** What reached the other side, write by write. */
function recorded() {
  const writes: string[] = [];
  const log = new JsonLog('Stack-Enforcer-AB12CD34', (text) => void writes.push(text));
  const lines = () => writes.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line));
  return { writes, log, lines };
}

const messagesOf = (text: string) => [...text.matchAll(/"level":"\w+","message":"(\w+)"/g)].map(([, message]) => message);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('lines of a moment leave in one write, in order, and none waits longer than that', () => {
  const { writes, log } = recorded();
  log.info('a', {});
  jest.advanceTimersByTime(60);
  log.error('b', new Error('wrong'), {});
  expect(writes).toEqual([]);
  jest.advanceTimersByTime(60);
  log.info('c', {});
  jest.advanceTimersByTime(100);
  expect(writes.map(messagesOf)).toEqual([['a', 'b'], ['c']]);
});

test('nothing is held back when an invocation is answered, and nothing is written twice', () => {
  const { writes, log } = recorded();
  log.info('a', {});
  log.flush();
  expect(writes.map(messagesOf)).toEqual([['a']]);
  log.info('b', {});
  jest.advanceTimersByTime(100);
  log.flush();
  expect(writes.map(messagesOf)).toEqual([['a'], ['b']]);
  expect(jest.getTimerCount()).toBe(0);
});

test('lines that others made stand between, as they are', () => {
  const { log, lines } = recorded();
  log.info('a', {});
  log.print('{"_aws":{}}');
  log.info('b', {});
  log.flush();
  expect(lines()).toMatchObject([{ message: 'a' }, { _aws: {} }, { message: 'b' }]);
});

test('a line says level, message, time, who speaks, and what it was given', () => {
  const { log, lines } = recorded();
  log.info('object verified', { bucket: 'records', key: 'new\nline "ä\u2028', versionId: undefined });
  log.flush();
  const [line] = lines();
  expect(line).toEqual({
    level: 'INFO',
    message: 'object verified',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    service: 'Stack-Enforcer-AB12CD34',
    bucket: 'records',
    key: 'new\nline "ä\u2028',
  });
});

test('each message is one line, whatever its fields hold', () => {
  const { writes, log } = recorded();
  log.info('a', { key: 'one\ntwo\r\nthree' });
  log.flush();
  expect(writes.join('')).toMatch(/^[^\n\r]+\n$/);
});

test('an error is told with its name, its stack, and what caused it', () => {
  const { log, lines } = recorded();
  const cause = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
  log.error('message not processed', new TypeError('no rule', { cause }), { messageId: 'm-1' });
  log.flush();
  const stack = expect.stringContaining('json-log.test');
  expect(lines()).toMatchObject([
    {
      level: 'ERROR',
      messageId: 'm-1',
      error: { name: 'TypeError', message: 'no rule', stack, cause: { name: 'ThrottlingException', message: 'Rate exceeded', stack } },
    },
  ]);
});

test('what is thrown without being an error is told as well', () => {
  const { log, lines } = recorded();
  log.error('message not processed', 'a text', {});
  log.flush();
  expect(lines()).toMatchObject([{ error: { name: 'string', message: 'a text' } }]);
});

test('an error that causes itself is told, and ends', () => {
  const { log, lines } = recorded();
  const circle = new Error('round and round');
  circle.cause = circle;
  log.error('message not processed', circle, {});
  log.flush();
  expect(lines()).toMatchObject([{ error: { message: 'round and round', cause: { message: 'round and round' } } }]);
});
