import { CONTENT_OF_V3, V2, V3, WRAPPED_KEY_OF_V3 } from '../domain/client-side/sample-objects';
import type { Upload } from './in-memory-object-store';
import { SSE_S3 } from './lambda-enforcer-world';

/** A message of the AWS Encryption SDK for JavaScript 4, with key commitment, under a raw key: `secret`, as it came out of it. */
export const MESSAGE = Buffer.from(
  'AgV4dmx4IDecpaUMLsGgI6R/lBkjq+BuhoRqIS0MHmK7ptMAXwABABVhd3MtY3J5cHRvLXB1YmxpYy1rZXkAREFyK3p3a2c5ZnRacjUwakxTblpmQzZWNG5u' +
    'TmFndEFPZktob0pKcnVUOHZETjQxKzczaFVXM2JKTjl5R2lOdDM0UT09AAEAAW4AFWsAAACAAAAADBjKBPAyyPcqNotIoAAwhml858yJ+FUvR46DmalnaZ8X' +
    '/YVqseST2/Hokp3x/8/T6wjiEoc+qwDsJhY+tkS2AgAAEACr8TvBO4EUsmRJ0+IIf1kTtk87B8jad2NeswTSmxa73lFnogW8QhgljeJIX8sfMmv/////AAAA' +
    'AQAAAAAAAAAAAAAAAQAAAAb+HzBtHCFvOzL8Dld3FnjUJa0LDQr4AGcwZQIwJmLs+KHo9KDAny3+1W6On4WDtvcfC+agbRPPC7l0W7xHMh2n6MZI4+KadUev' +
    'Nzi7AjEAyBWJHWdrdRnIW352mh6tgbFjvTJHy24nHUirumu7vg+Uc/vtw5q9RV2oAILdXJAX',
  'base64',
);

/** The beginning is that of a message; then its length of the encryption context is more than there is. */
export const FORGED_MESSAGE = Buffer.concat([MESSAGE.subarray(0, 35), Buffer.from([0xff, 0xff]), MESSAGE.subarray(37)]);

const ciphertext = (size: number) => '*'.repeat(size);

/** What clients upload, and what those do who only say so. */
export const CLIENT_SIDE = {
  message: { body: 'message', bytes: MESSAGE, encryption: SSE_S3 },
  forgedMessage: { body: 'forged message', bytes: FORGED_MESSAGE, encryption: SSE_S3 },
  v3: { body: ciphertext(V3.size), metadata: V3.metadata, encryption: SSE_S3 },
  /** Without key commitment. */
  v2: { body: ciphertext(V2.size), metadata: V2.metadata, encryption: SSE_S3 },
  bareMarker: { body: 'secret', metadata: { 'x-amz-c': '115' }, encryption: SSE_S3 },
  /** Its data key lies in an instruction file. */
  v3WithoutKey: { body: ciphertext(V3.size), metadata: CONTENT_OF_V3, encryption: SSE_S3 },
  instructionFile: { body: JSON.stringify(WRAPPED_KEY_OF_V3), metadata: { 'x-amz-crypto-instr-file': '' }, encryption: SSE_S3 },
  /** Only its key says that it is one. */
  falseInstructionFile: { body: 'secret', encryption: SSE_S3 },
  plain: { body: 'secret', encryption: SSE_S3 },
} as const satisfies Readonly<Record<string, Upload>>;
