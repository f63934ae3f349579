/** One suite of https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/algorithms-reference.html. */
export interface MessageSuite {
  /** As AWS prints it. */
  readonly name: string;
  readonly version: 1 | 2;
  /** Of the data key, in bytes. */
  readonly keyLength: 16 | 24 | 32;
  /** The longest signature that the footer may hold, as DER; 0, if the suite does not sign. */
  readonly longestSignature: 0 | 72 | 104;
}

export const IV_BYTES = 12;
export const TAG_BYTES = 16;

const suite = (name: string, keyLength: MessageSuite['keyLength'], longestSignature: MessageSuite['longestSignature']): MessageSuite => ({
  name,
  version: name === '04 78' || name === '05 78' ? 2 : 1,
  keyLength,
  longestSignature,
});

const SUITES: readonly MessageSuite[] = [
  suite('05 78', 32, 104),
  suite('04 78', 32, 0),
  suite('03 78', 32, 104),
  suite('03 46', 24, 104),
  suite('02 14', 16, 72),
  suite('01 78', 32, 0),
  suite('01 46', 24, 0),
  suite('01 14', 16, 0),
  suite('00 78', 32, 0),
  suite('00 46', 24, 0),
  suite('00 14', 16, 0),
];

/** A suite is written in one version of the format only: with key commitment in 2, without in 1. */
export function messageSuite(version: 1 | 2, id: number): MessageSuite | undefined {
  const name = `${hex(id >> 8)} ${hex(id & 0xff)}`;
  return SUITES.find((each) => each.version === version && each.name === name);
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
