import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  getCompatibleCommitmentPolicy,
  getEncryptHelper,
  type KeyringNode,
  KmsKeyringNode,
  MessageFormat,
  MultiKeyringNode,
  NodeAlgorithmSuite,
  NodeEncryptionMaterial,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
  RawRsaKeyringNode,
} from '@aws-crypto/client-node';
import { deserializeFactory, serializeFactory, uInt32BE } from '@aws-crypto/serialize';
import { RIGHT_KEY, SECOND_KEY } from '../sample-keys';

/** Messages that the AWS Encryption SDK for JavaScript writes, and how its own parser reads them. No network: KMS is played. */

const encoded = (text: string) => Buffer.from(text, 'utf8');
const parser = deserializeFactory((bytes) => Buffer.from(bytes).toString('utf8'), NodeAlgorithmSuite);

export const SUITES = Object.entries(AlgorithmSuiteIdentifier)
  .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  .map(([name, id]) => ({ name, id, printed: `${(id >> 8).toString(16).padStart(2, '0')} ${(id & 255).toString(16).padStart(2, '0')}` }));

export const rawAes: KeyringNode = new RawAesKeyringNode({
  keyName: 'wrapping key',
  keyNamespace: 'some team',
  unencryptedMasterKey: new Uint8Array(randomBytes(32)),
  wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
});

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
export const rawRsa: KeyringNode = new RawRsaKeyringNode({ keyName: 'rsa', keyNamespace: 'some team', rsaKey: { publicKey, privateKey } });

/** Wraps by putting the data key among as many bytes as KMS returns. */
const wrap = (dataKey: Uint8Array) => Buffer.concat([randomBytes(152), dataKey]);
const playedKms = () => ({
  generateDataKey: async ({ KeyId, NumberOfBytes }: { KeyId?: string; NumberOfBytes?: number }) => {
    const Plaintext = randomBytes(NumberOfBytes ?? 32);
    return { KeyId, Plaintext, CiphertextBlob: wrap(Plaintext) };
  },
  encrypt: async ({ KeyId, Plaintext }: { KeyId?: string; Plaintext?: Uint8Array }) => ({
    KeyId,
    CiphertextBlob: wrap(Plaintext ?? new Uint8Array()),
  }),
  decrypt: async ({ KeyId, CiphertextBlob }: { KeyId?: string; CiphertextBlob?: Uint8Array }) => ({
    KeyId,
    Plaintext: (CiphertextBlob ?? new Uint8Array()).slice(152),
  }),
});
// biome-ignore lint/suspicious/noExplicitAny: the keyring calls three of the methods that its type asks for.
export const kms: KeyringNode = new KmsKeyringNode({ generatorKeyId: RIGHT_KEY, keyIds: [SECOND_KEY], clientProvider: playedKms as any });
export const kmsAndRaw: KeyringNode = new MultiKeyringNode({ generator: kms, children: [rawAes, rawRsa] });

export const KEYRINGS = {
  'raw AES': { keyring: rawAes, arns: [], others: 1 },
  'raw RSA': { keyring: rawRsa, arns: [], others: 1 },
  'two keys of KMS': { keyring: kms, arns: [RIGHT_KEY, SECOND_KEY], others: 0 },
  'KMS and raw keys': { keyring: kmsAndRaw, arns: [RIGHT_KEY, SECOND_KEY], others: 2 },
} as const;

export interface Writing {
  readonly suite: number;
  readonly keyring: KeyringNode;
  readonly plaintext: Buffer;
  readonly frameLength?: number;
  readonly context?: Readonly<Record<string, string>>;
}

export async function written({ suite, keyring, plaintext, frameLength = 4096, context = {} }: Writing): Promise<Buffer> {
  const { encrypt } = buildClient(getCompatibleCommitmentPolicy(suite));
  const { result } = await encrypt(keyring, plaintext, {
    suiteId: suite,
    frameLength,
    encryptionContext: context,
    plaintextLength: plaintext.length,
  });
  return result;
}

export async function read(message: Buffer, keyring: KeyringNode, suite: number): Promise<Buffer> {
  const { plaintext } = await buildClient(getCompatibleCommitmentPolicy(suite)).decrypt(keyring, message);
  return plaintext;
}

/** How the SDK's own parser reads the header; nothing, where it finds fault or wants more. */
export function parsedHeader(bytes: Uint8Array) {
  try {
    return parser.deserializeMessageHeader(bytes) || undefined;
  } catch {
    return undefined;
  }
}

/**
 * In one piece, which the SDK for JavaScript reads and does not write:
 * https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/data-format/message-body.md#non-framed-data.
 */
export async function writtenInOnePiece(suiteId: number, keyring: KeyringNode, plaintext: Buffer): Promise<Buffer> {
  const suite = new NodeAlgorithmSuite(suiteId);
  const isV1 = suite.messageFormat === MessageFormat.V1;
  const { serializeMessageHeader, headerAuthIv, nonFramedBodyIv } = serializeFactory(encoded, { utf8Sorting: true });
  const material = await keyring.onEncrypt(new NodeEncryptionMaterial(suite, {}));
  const messageId = randomBytes(isV1 ? 16 : 32);
  const { getCipher, keyCommitment = new Uint8Array() } = getEncryptHelper(material).getCipherInfo(messageId);
  const { encryptedDataKeys } = material;
  const fields = { suiteId, messageId, encryptionContext: {}, encryptedDataKeys, contentType: 1, frameLength: 0 };
  const header = isV1
    ? serializeMessageHeader({ version: 1, type: 128, headerIvLength: 12, ...fields })
    : serializeMessageHeader({ version: 2, suiteData: keyCommitment, ...fields });
  const authenticated = getCipher(headerAuthIv(12));
  authenticated.setAAD(Buffer.from(header));
  authenticated.final();
  const iv = nonFramedBodyIv(12);
  const length = Buffer.concat([uInt32BE(0), uInt32BE(plaintext.length)]);
  const body = getCipher(iv);
  body.setAAD(Buffer.concat([messageId, encoded('AWSKMSEncryptionClient Single Block'), uInt32BE(1), length]));
  const content = Buffer.concat([body.update(plaintext), body.final()]);
  return Buffer.concat(
    [header, isV1 ? headerAuthIv(12) : '', authenticated.getAuthTag(), iv, length, content, body.getAuthTag()].map(Buffer.from),
  );
}
