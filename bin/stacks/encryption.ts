import type * as kms from 'aws-cdk-lib/aws-kms';
import { type ClientSideOptions, ObjectEncryption } from '../../lib';
import type { AcceptedConfig, DeclarationConfig, EncryptionConfig, ExemptionConfig } from '../config/encryption-config';
import type { EnvelopeConfig } from '../config/envelope-config';
import type { KeyOf } from './keys';

/**
 * What the library is told of a bucket.
 *
 * @param ownKeys - those of what the bucket requires, which all that names no keys takes, too
 */
export function encryptionOf(config: DeclarationConfig, ownKeys: readonly kms.IKey[], keyOf: KeyOf): ObjectEncryption {
  const keysOf = (names: readonly string[] | undefined) => names?.map(keyOf) ?? ownKeys;
  let encryption = accepted(config, keysOf);
  for (const rule of config.prefixes) encryption = encryption.underPrefix(rule.prefix, accepted(rule, keysOf));
  for (const exemption of config.exemptions) encryption = encryption.exempt(exemptionOf(exemption));
  return config.strict ? encryption.strict() : encryption;
}

type KeysOf = (names: readonly string[] | undefined) => readonly kms.IKey[];

function accepted(config: AcceptedConfig, keysOf: KeysOf): ObjectEncryption {
  return single(config, keysOf).alsoAccept(...config.alsoAccept.map((other) => single(other, keysOf)));
}

function single({ scheme, keys, serverSide, envelope }: EncryptionConfig, keysOf: KeysOf): ObjectEncryption {
  switch (scheme) {
    case 'SSE-S3':
      return ObjectEncryption.sseS3();
    case 'SSE-KMS':
      return ObjectEncryption.sseKms(...keysOf(keys));
    case 'DSSE-KMS':
      return ObjectEncryption.dsseKms(...keysOf(keys));
    case 'SSE-C':
      return ObjectEncryption.sseC();
    case 'client-side':
      return ObjectEncryption.clientSide({ serverSide: serverSide && single(serverSide, keysOf), ...envelopeOf(envelope, keysOf) });
  }
}

function envelopeOf({ wrappingKeys, ...others }: Partial<EnvelopeConfig> = {}, keysOf: KeysOf): ClientSideOptions {
  return { ...others, wrappingKeys: wrappingKeys && [...keysOf(wrappingKeys)] };
}

function exemptionOf({ prefix, principalArns, until, reason }: ExemptionConfig) {
  return { prefix: prefix === '' ? undefined : prefix, principalArns: principalArns && [...principalArns], until, reason };
}
