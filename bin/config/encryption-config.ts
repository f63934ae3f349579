import type { EnvelopeConfig } from './envelope-config';

export const SERVER_SIDE_NAMES = ['SSE-S3', 'SSE-KMS', 'DSSE-KMS'] as const;
export type ServerSideName = (typeof SERVER_SIDE_NAMES)[number];

export const SCHEME_NAMES = [...SERVER_SIDE_NAMES, 'SSE-C', 'client-side'] as const;
export type SchemeName = (typeof SCHEME_NAMES)[number];

/** What S3 does by itself, with or without being asked. */
export interface ServerSideConfig {
  readonly scheme: ServerSideName;
  /** Each by its ARN, or by the id of one that the configuration declares. */
  readonly keys: readonly string[] | undefined;
}

/** One way in which objects may be encrypted. */
export interface EncryptionConfig {
  readonly scheme: SchemeName;
  /** The first is the default. Without any, the keys of the bucket; the bucket itself gets a new one. */
  readonly keys: readonly string[] | undefined;
  /** What S3 does beneath client-side encryption; without it, SSE-S3. */
  readonly serverSide?: ServerSideConfig | undefined;
  /** Of client-side encryption; without it, what the library requires by itself. */
  readonly envelope?: EnvelopeConfig | undefined;
}

/** What is required, and what is accepted beside it. */
export interface AcceptedConfig extends EncryptionConfig {
  readonly alsoAccept: readonly EncryptionConfig[];
}

/** What holds for keys that begin with the prefix, instead of what holds elsewhere in the bucket. */
export interface PrefixConfig extends AcceptedConfig {
  readonly prefix: string;
}

/** Everything that a bucket says of encryption. */
export interface DeclarationConfig extends AcceptedConfig {
  readonly prefixes: readonly PrefixConfig[];
  readonly exemptions: readonly ExemptionConfig[];
  /** Whether uploads must name their encryption. */
  readonly strict: boolean;
}

export interface ExemptionConfig {
  /** Empty for the whole bucket. */
  readonly prefix: string;
  /** Without it, everybody. */
  readonly principalArns: readonly string[] | undefined;
  readonly until: string;
  readonly reason: string;
}

export function usesKmsKeys(scheme: SchemeName): boolean {
  return scheme === 'SSE-KMS' || scheme === 'DSSE-KMS';
}

interface Keyed<Key> {
  readonly scheme?: SchemeName | undefined;
  readonly keys?: readonly Key[] | undefined;
}

/** The part of an encryption that names KMS keys, if it does. */
export function kmsPartOf<Key>(encryption: Keyed<Key> & { readonly serverSide?: Keyed<Key> | undefined }): Keyed<Key> | undefined {
  const part = encryption.scheme === 'client-side' ? encryption.serverSide : encryption;
  return part?.scheme !== undefined && usesKmsKeys(part.scheme) ? part : undefined;
}

/** What is known of a configuration that may have faults: any field may be missing, and any list have gaps. */
export type Unchecked<T> = T extends readonly (infer Item)[]
  ? readonly (Unchecked<Item> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Unchecked<T[K]> | undefined }
    : T;

export interface PlacedEncryption {
  readonly encryption: Unchecked<EncryptionConfig>;
  /** From the bucket; empty for what the bucket itself requires. */
  readonly path: string;
}

/** Every encryption that a bucket names, its own first. */
export function encryptionsIn(bucket: Unchecked<DeclarationConfig>): PlacedEncryption[] {
  const prefixes = placed(bucket.prefixes, 'prefixes');
  return [
    { encryption: bucket, path: '' },
    ...placed(bucket.alsoAccept, 'alsoAccept'),
    ...prefixes.flatMap(({ encryption, path }) => [{ encryption, path }, ...placed(encryption.alsoAccept, `${path}.alsoAccept`)]),
  ];
}

function placed<T>(list: readonly (T | undefined)[] = [], path: string): { encryption: T; path: string }[] {
  return list.flatMap((encryption, index) => (encryption === undefined ? [] : [{ encryption, path: `${path}[${index}]` }]));
}

/** All keys that a bucket names, by ARN or id, each once. */
export function keyNamesIn(bucket: DeclarationConfig): string[] {
  return [...new Set(encryptionsIn(bucket).flatMap(({ encryption }) => placedKeys(encryption).map(({ value }) => value)))];
}

/** The keys that one encryption names, beneath client-side encryption too, with their places in it. */
export function placedKeys({ keys, serverSide }: Unchecked<EncryptionConfig>): { value: string; path: string }[] {
  const of = (list: readonly (string | undefined)[] = [], path: string) =>
    list.flatMap((value, index) => (value === undefined ? [] : [{ value, path: `${path}[${index}]` }]));
  return [...of(keys, 'keys'), ...of(serverSide?.keys, 'serverSide.keys')];
}
