import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { decrypt, encrypt } from '../examples/client-side-encryption/client';
import { classifyMessage } from '../lib/domain/client-side/message';

const ROOT = join(__dirname, '..');
const CLIENT = 'examples/client-side-encryption/client.ts';
const wrappingKey = new Uint8Array(randomBytes(32));
const WRAPPING_KEY = Buffer.from(wrappingKey).toString('base64');
const plaintext = Buffer.from('name,amount\nÄnne,1\n');

describe('what the example encrypts', () => {
  test('is given back by the key, and by no other', async () => {
    const message = await encrypt(plaintext, wrappingKey);
    expect(await decrypt(message, wrappingKey)).toEqual(plaintext);
    await expect(decrypt(message, new Uint8Array(randomBytes(32)))).rejects.toThrow();
  });

  // The keyring of the SDK overwrites the key it is given with zeros: the next object would be wrapped under these.
  test('leaves the key as it was', async () => {
    await encrypt(plaintext, wrappingKey);
    expect(Buffer.from(wrappingKey).toString('base64')).toBe(WRAPPING_KEY);
  });

  test('cannot be changed unnoticed', async () => {
    const message = await encrypt(plaintext, wrappingKey);
    for (const at of [message.length - 200, message.length - 1]) {
      const other = Buffer.from(message);
      other[at] = (other[at] ?? 0) ^ 1;
      await expect(decrypt(other, wrappingKey)).rejects.toThrow();
    }
  });

  test.each([0, 19, 100_000])('of %i bytes is an envelope with key commitment', async (length) => {
    const message = await encrypt(Buffer.alloc(length, 'x'), wrappingKey);
    expect(message.includes('xxxxxxxx')).toBe(false);
    expect(classifyMessage(message.subarray(0, 4096), message.length)).toEqual({
      kind: 'envelope',
      envelope: {
        format: 'AWS Encryption SDK',
        version: '2',
        algorithm: '05 78',
        keyCommitment: true,
        wrappingKeyArns: [],
        unnamedWrappingKeys: 1,
      },
    });
  });
});

describe('the client, as it is run', () => {
  let server: Server;
  let requests: { line: string; body: Buffer }[];

  beforeEach(async () => {
    requests = [];
    server = createServer(async (request, response) => {
      requests.push({ line: `${request.method} ${request.url}`, body: await buffer(request) });
      response.end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
  });
  afterEach(() => new Promise((closed) => server.close(closed)));

  const environment = () => ({
    PATH: process.env['PATH'],
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    // Of the SDK, on versions of Node.js that it will leave behind.
    NODE_NO_WARNINGS: '1',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });

  /** Not synchronously: the server is in this process. */
  async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ status: number; out: string; error: string }> {
    const child = spawn(process.execPath, ['--import', 'tsx', CLIENT, ...args], { cwd: ROOT, env });
    child.stdin.end(plaintext);
    const [out, error, status] = await Promise.all([
      buffer(child.stdout),
      buffer(child.stderr),
      new Promise<number>((closed) => child.on('close', closed)),
    ]);
    return { status, out: out.toString(), error: error.toString() };
  }

  test('puts into the bucket what only the key opens', async () => {
    const { status, out, error } = await run(['documents', 'a/b.csv'], { ...environment(), WRAPPING_KEY });
    expect([error, status]).toEqual(['', 0]);
    expect(out).toMatch(/^s3:\/\/documents\/a\/b\.csv: \d+ bytes, encrypted\n$/);
    const [{ line = '', body = Buffer.alloc(0) } = {}, ...more] = requests;
    expect([line, more]).toEqual([expect.stringMatching(/^PUT \/(documents\/)?a\/b\.csv/), []]);
    expect(await decrypt(body, wrappingKey)).toEqual(plaintext);
  });

  test.each([
    ['no key', {}, ['documents', 'a.csv'], /WRAPPING_KEY is not 32 bytes/],
    ['too short a key', { WRAPPING_KEY: 'c2hvcnQ=' }, ['documents', 'a.csv'], /openssl rand -base64 32/],
    ['no bucket', { WRAPPING_KEY }, [], /usage: client\.ts BUCKET KEY/],
  ])('sends nothing with %s, and says what to do', async (_what, env, args, expected) => {
    const { status, error } = await run(args, { ...environment(), ...env });
    expect([status, requests]).toEqual([1, []]);
    expect(error).toMatch(expected);
  });
});
