import type { IConstruct } from 'constructs';
import type { EncryptionDeclaration, PrefixRule } from '../domain/declaration';
import { findNested, isPrefix, MAX_KEY_BYTES } from '../domain/prefix';
import {
  type AcceptedEncryption,
  type EncryptionRequirement,
  type ServerSideRequirement,
  serverSideRequirement,
} from '../domain/requirement';
import { SERVER_SIDE_SCHEMES, type ServerSideScheme } from '../domain/scheme';
import type { ObjectEncryption } from '../object-encryption';
import { envelopeFor, requireOnePlace } from './envelope-for';
import { exemptionsFor } from './exemptions-for';
import { requireTrustedBucket } from './key-trust';
import { requireKnownText } from './known-text';
import { requireObjectEncryption } from './require-object-encryption';
import { requireValid } from './require-valid';
import { requireUsableKey } from './usable-key';

/**
 * What somebody said of a bucket, checked, as plain data.
 *
 * @throws Error where it contradicts itself, or could not be enforced
 */
export function declarationFor(bucket: IConstruct, encryption: ObjectEncryption): EncryptionDeclaration {
  const { prefixes, exemptions, isStrict } = encryption._parts;
  const prefixRules = prefixes.map((rule) => prefixRuleFor(bucket, rule));
  requireDisjoint(
    bucket,
    prefixRules.map(({ prefix }) => prefix),
  );
  return {
    accepted: acceptedFor(bucket, encryption),
    headersRequired: isStrict,
    prefixRules: prefixRules.sort((a, b) => (a.prefix < b.prefix ? -1 : 1)),
    exemptions: exemptionsFor(
      bucket,
      exemptions,
      prefixRules.map(({ prefix }) => prefix),
    ),
  };
}

function acceptedFor(bucket: IConstruct, encryption: ObjectEncryption): AcceptedEncryption {
  const others = encryption._parts.others.map((other) => {
    requirePlain(bucket, other, 'alsoAccept()');
    requireValid(bucket, other._parts.others.length === 0, {
      what: 'alsoAccept() was given a value that itself accepts others',
      value: other.schemeName,
      remedy: 'Pass all of them to one alsoAccept().',
    });
    return requirementFor(bucket, other);
  });
  const accepted: AcceptedEncryption = [requirementFor(bucket, encryption), ...others];
  requireOnePlace(bucket, accepted);
  return accepted;
}

function prefixRuleFor(bucket: IConstruct, rule: { readonly prefix: string; readonly encryption: ObjectEncryption }): PrefixRule {
  const { prefix, encryption } = rule;
  requireKnownText(bucket, 'the prefix of underPrefix()', prefix);
  requireValid(bucket, isPrefix(prefix), {
    what: `underPrefix() needs a prefix of 1 to ${MAX_KEY_BYTES} bytes`,
    value: prefix,
    remedy: 'Name the beginning of the keys; what holds for the whole bucket is said without underPrefix().',
  });
  requirePlain(bucket, encryption, `underPrefix('${prefix}')`);
  return { prefix, accepted: acceptedFor(bucket, encryption) };
}

/** Parts of a value may not say what only the whole can. */
function requirePlain(bucket: IConstruct, part: ObjectEncryption, where: string): void {
  requireObjectEncryption(bucket, part);
  const { prefixes, exemptions, isStrict } = part._parts;
  requireValid(bucket, prefixes.length === 0 && exemptions.length === 0 && !isStrict, {
    what: `${where} was given a value with underPrefix(), exempt() or strict() of its own`,
    value: part.schemeName,
    remedy: 'Call these on the value for the whole bucket.',
  });
}

function requirementFor(bucket: IConstruct, encryption: ObjectEncryption): EncryptionRequirement {
  const { scheme, serverSide, clientSide = {} } = encryption._parts;
  if (scheme !== 'client-side') return serverSideFor(bucket, scheme, encryption);
  requireObjectEncryption(bucket, serverSide);
  const beneath = serverSide?._parts;
  const isUsable = beneath !== undefined && beneath.scheme !== 'client-side' && beneath.scheme !== 'SSE-C' && beneath.others.length === 0;
  requireValid(bucket, isUsable, {
    what: 'clientSide() needs to know what S3 does by default beneath: one of SSE-S3, SSE-KMS, DSSE-KMS, without alsoAccept()',
    value: serverSide?.schemeName,
    remedy: 'Pass for example serverSide: ObjectEncryption.sseKms(key).',
  });
  requirePlain(bucket, serverSide as ObjectEncryption, 'clientSide()');
  const serverSidePart = serverSideFor(bucket, beneath?.scheme as ServerSideScheme, serverSide as ObjectEncryption);
  return { scheme, serverSide: serverSidePart, envelope: envelopeFor(bucket, clientSide) };
}

function serverSideFor(bucket: IConstruct, scheme: ServerSideScheme, { _parts: { keys } }: ObjectEncryption): ServerSideRequirement {
  requireValid(bucket, !SERVER_SIDE_SCHEMES[scheme].usesKmsKeys || keys.length > 0, {
    what: `${scheme} needs at least one KMS key`,
    value: keys,
    remedy: 'Pass the keys that objects may be encrypted under; the first becomes the default.',
  });
  for (const key of keys) {
    requireUsableKey(bucket, key);
    requireTrustedBucket(bucket, key);
  }
  return serverSideRequirement(scheme, [...new Set(keys.map((key) => key.keyArn))]);
}

function requireDisjoint(bucket: IConstruct, prefixes: readonly string[]): void {
  const nested = findNested(prefixes);
  requireValid(bucket, nested === undefined, {
    what: 'two prefixes of underPrefix() are the same, or one is the beginning of the other, and no policy can express an exception to an exception',
    value: nested,
    remedy: 'Use prefixes that are disjoint, such as `raw/a/` and `raw/b/` instead of `raw/` and `raw/b/`.',
  });
}
