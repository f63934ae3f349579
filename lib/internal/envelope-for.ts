import { Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { ClientSideFormat } from '../client-side-format';
import type { ClientSideOptions } from '../client-side-options';
import { CLIENT_SIDE_FORMATS } from '../domain/client-side/evidence';
import { type EnvelopeRequirement, placesOf } from '../domain/client-side/requirement';
import { keyIdentity } from '../domain/key-identity';
import { MAX_KEY_BYTES } from '../domain/prefix';
import { type AcceptedEncryption, envelopesIn } from '../domain/requirement';
import { requireKnownText } from './known-text';
import { requireValid } from './require-valid';
import { requireKeyItself } from './usable-key';

/**
 * What clients have to leave behind, checked.
 *
 * @throws Error where the options contradict each other, or name what is no key
 */
export function envelopeFor(bucket: IConstruct, options: ClientSideOptions): EnvelopeRequirement {
  const { format, requireKeyCommitment: keyCommitment = true, wrappingKeys = [], instructionFileSuffix } = options;
  requireValid(bucket, format === undefined || CLIENT_SIDE_FORMATS.includes(format), {
    what: 'clientSide() was given a format that is not known',
    value: format,
    remedy: 'Pass a ClientSideFormat, or leave it out for either.',
  });
  requireValid(bucket, typeof keyCommitment === 'boolean', {
    what: 'requireKeyCommitment of clientSide() must be true or false',
    value: keyCommitment,
    remedy: 'Leave it out for true.',
  });
  requireWrappingKeys(bucket, { format, keyCommitment, wrappingKeys: options.wrappingKeys });
  requireSuffix(bucket, options);
  return {
    formats: format === undefined ? CLIENT_SIDE_FORMATS : [format],
    keyCommitment,
    wrappingKeyArns: [...new Set(wrappingKeys.map((key) => key.keyArn))],
    ...(instructionFileSuffix !== undefined && { instructionFileSuffix }),
  };
}

interface Wrapping {
  readonly format: ClientSideFormat | undefined;
  readonly keyCommitment: boolean;
  readonly wrappingKeys: readonly kms.IKey[] | undefined;
}

function requireWrappingKeys(bucket: IConstruct, { format, keyCommitment, wrappingKeys }: Wrapping): void {
  if (wrappingKeys === undefined) return;
  requireValid(bucket, Array.isArray(wrappingKeys) && wrappingKeys.length > 0, {
    what: 'wrappingKeys of clientSide() is no list of keys, or empty',
    value: wrappingKeys,
    remedy: 'Pass the keys that clients may wrap data keys with, or leave it out for any.',
  });
  const isNeverStated = format === ClientSideFormat.S3_ENCRYPTION_CLIENT && keyCommitment;
  requireValid(bucket, !isNeverStated, {
    what: 'clientSide() was given wrappingKeys, which objects of the S3 Encryption Client with key commitment never state',
    value: wrappingKeys.length,
    remedy: 'Leave wrappingKeys out, choose ClientSideFormat.ENCRYPTION_SDK, or set requireKeyCommitment: false.',
  });
  for (const key of wrappingKeys) {
    requireKeyItself(bucket, key, 'messages state the ARN of the key itself');
    requireValid(bucket, Token.isUnresolved(key.keyArn) || keyIdentity(key.keyArn).kind === 'key-arn', {
      what: 'a wrapping key is named by something that is not a full key ARN',
      value: key.keyArn,
      remedy: 'Import it with kms.Key.fromKeyArn() and arn:<partition>:kms:<Region>:<account>:key/<key id>.',
    });
  }
}

function requireSuffix(bucket: IConstruct, { format, instructionFileSuffix: suffix }: ClientSideOptions): void {
  if (suffix === undefined) return;
  requireKnownText(bucket, 'instructionFileSuffix of clientSide()', suffix);
  requireValid(bucket, typeof suffix === 'string' && suffix !== '' && Buffer.byteLength(suffix) < MAX_KEY_BYTES, {
    what: `instructionFileSuffix of clientSide() must be a text of 1 to ${MAX_KEY_BYTES - 1} bytes`,
    value: suffix,
    remedy: 'Pass what the client appends to keys, such as .instruction, or leave it out.',
  });
  requireValid(bucket, format === ClientSideFormat.S3_ENCRYPTION_CLIENT, {
    what: 'clientSide() was given an instructionFileSuffix, and only the S3 Encryption Client writes instruction files',
    value: format ?? 'either format',
    remedy: 'Add format: ClientSideFormat.S3_ENCRYPTION_CLIENT, or leave the suffix out.',
  });
}

/**
 * An object that says nothing in its metadata is looked for in one place more, not in several: each would cost a request for each object. Nor are
 * instruction files accepted for some of what the S3 Encryption Client writes and not for the rest: whether an object is as required would then hang
 * on where the verdict had a reason to look, and re-encryption or a release could lead from one to the other and back.
 */
export function requireOnePlace(bucket: IConstruct, accepted: AcceptedEncryption): void {
  const places = envelopesIn(accepted).map((envelope) => placesOf([envelope]));
  const suffixes = new Set(places.filter(({ metadata }) => metadata).map(({ instructionFileSuffix }) => instructionFileSuffix));
  const message = places.some((each) => each.message);
  requireValid(bucket, suffixes.size <= 1 && !(message && [...suffixes].some((suffix) => suffix !== undefined)), {
    what: 'client-side encryption is accepted in several forms whose envelopes lie in different places',
    value: [...[...suffixes].map((suffix) => suffix ?? 'metadata alone'), ...(message ? ['the message itself'] : [])],
    remedy: 'Beside instruction files accept only the S3 Encryption Client, always with the same suffix, or use underPrefix().',
  });
}
