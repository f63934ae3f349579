import { CannotRun } from '../../demo/engine/cannot-run';
import { clientEnvironment } from '../../demo/engine/environment';
import { givenEndpoint } from '../../demo/engine/given-engine';
import { parseOptions, USAGE } from '../../demo/options';
import { MAX_KEY_BYTES, objectKey } from '../../demo/uploads/object-key';

describe('options', () => {
  test('are none by default', () => {
    expect(parseOptions([])).toEqual({ help: false, accounts: 1, reportOnly: false, keep: false, path: undefined });
  });

  test('stand in any order', () => {
    expect(parseOptions(['--keep', 'a folder', '--output', 'out'])).toEqual({
      help: false,
      accounts: 1,
      reportOnly: false,
      keep: true,
      output: 'out',
      path: 'a folder',
    });
    expect(parseOptions(['--output=out', '-h'])).toMatchObject({ help: true, output: 'out' });
  });

  test('show a roll-out that reports only, in one account', () => {
    expect(parseOptions(['--report-only', '--keep'])).toMatchObject({ reportOnly: true, keep: true, accounts: 1 });
    expect(() => parseOptions(['--accounts', '2', '--report-only'])).toThrow(/^--report-only is shown in one account/);
  });

  test.each([[['--bogus']], [['-k']], [['a', 'b']], [['--output']], [['--output', '--keep']], [['--output=']]])('%j is refused', (args) => {
    expect(() => parseOptions(args)).toThrow(/See npm start -- --help\.$/);
  });

  test.each([
    [['--accounts', '2'], 2],
    [['--accounts=2', '--keep'], 2],
    [['a folder', '--accounts', '1'], 1],
  ])('%j: so many accounts', (args, accounts) => {
    expect(parseOptions(args).accounts).toBe(accounts);
  });

  test.each([
    [['--accounts'], 'nothing'],
    [['--accounts='], 'nothing'],
    [['--accounts', '3'], '3'],
    [['--accounts', '0'], '0'],
    [['--accounts', 'two'], 'two'],
    [['--accounts', '--keep'], '--keep'],
    [['--accounts=2.0'], '2.0'],
    [['--accounts', ' 2'], ' 2'],
  ])('%j is refused', (args, got) => {
    expect(() => parseOptions(args)).toThrow(`--accounts takes 1 or 2, got ${got}. See npm start -- --help.`);
  });

  test('are all in the usage', () => {
    for (const option of ['--accounts', '--keep', '--output', '--help', 'AWS_ENDPOINT_URL', 'FILE_OR_FOLDER'])
      expect(USAGE).toContain(option);
  });
});

describe('AWS_ENDPOINT_URL', () => {
  test.each([undefined, ''])('%p: an engine is started', (value) => {
    expect(givenEndpoint(value)).toBeUndefined();
  });

  test.each([
    ['http://127.0.0.1:4566/', 'http://127.0.0.1:4566'],
    ['https://localstack.example.org:4566', 'https://localstack.example.org:4566'],
    ['http://amazonaws.com.example.org', 'http://amazonaws.com.example.org'],
  ])('%s is used', (value, endpoint) => {
    expect(givenEndpoint(value)).toBe(endpoint);
  });

  test.each([
    'https://s3.eu-west-1.amazonaws.com',
    'https://S3.AMAZONAWS.COM./',
    'https://kms.cn-north-1.amazonaws.com.cn',
    'https://s3.dualstack.eu-west-1.api.aws',
    'https://user:password@sqs.eu-west-1.amazonaws.com:443/x',
    'https://s3.eusc-de-east-1.amazonaws.eu',
  ])('%s is refused: that is AWS', (value) => {
    expect(() => givenEndpoint(value)).toThrow('never touches a real account');
  });

  test.each(['localhost:4566', 'ftp://127.0.0.1', 'nonsense', '//127.0.0.1'])('%s is refused: no address', (value) => {
    expect(() => givenEndpoint(value)).toThrow('no http or https address');
  });

  test.each([
    'http://user:s3cret@127.0.0.1:4566',
    'http://s3cret@127.0.0.1:4566',
    'http://127.0.0.1:4566/?token=s3cret',
    'http://127.0.0.1:4566/#s3cret',
    'ftp://user:s3cret@127.0.0.1',
    'http://user:s3cret#@127.0.0.1',
    'user:s3cret@127.0.0.1:4566',
  ])('%s is refused, and its secret not told', (value) => {
    expect(() => givenEndpoint(value)).toThrow(CannotRun);
    expect(() => givenEndpoint(value)).not.toThrow('s3cret');
  });

  test("nothing of the person's own AWS setting is left", () => {
    const own = {
      AWS_PROFILE: 'prod',
      AWS_SESSION_TOKEN: 's',
      AWS_ENDPOINT_URL_KMS: 'https://kms',
      HOME: '/home',
      AWS_ACCESS_KEY_ID: 'mine',
    };
    const environment = clientEnvironment('http://engine:1', own, 'eu-north-1');
    expect(environment).toMatchObject({
      HOME: '/home',
      AWS_REGION: 'eu-north-1',
      AWS_ACCESS_KEY_ID: '111111111111',
      NO_PROXY: '127.0.0.1,engine',
    });
    for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL_KMS']) expect(environment).not.toHaveProperty(name);
  });
});

describe('the key of an object', () => {
  test('is folder and file', () => {
    expect(objectKey({ folder: 'a+b' }, 'sub/file')).toBe('a+b/sub/file');
    expect(objectKey({ folder: 'f', shape: 'ends with a slash' }, 'file')).toBe('f/file/');
  });

  test.each(['x', 'Ω/🔑.txt', 'ü'.repeat(900)])('is 1,024 bytes long if it has to be: %s', (name) => {
    expect(Buffer.byteLength(objectKey({ folder: 'long', shape: '1,024 bytes long' }, name))).toBe(MAX_KEY_BYTES);
  });

  test('is never longer than S3 takes', () => {
    const key = objectKey({ folder: 'f', shape: 'ends with a slash' }, '🔑'.repeat(400));
    expect(Buffer.byteLength(key)).toBeLessThanOrEqual(MAX_KEY_BYTES);
    expect(key).toMatch(/^f\/(🔑)+\/$/u);
  });
});
