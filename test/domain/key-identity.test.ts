import { compareKeys, keyIdentity } from '../../lib/domain/key-identity';
import {
  ALIAS_ARN,
  ALIAS_NAME,
  BARE_OTHER_ID,
  BARE_RIGHT_ID,
  FOREIGN_ACCOUNT_KEY,
  OTHER_KEY,
  OTHER_REGION_KEY,
  RIGHT_KEY,
} from './sample-keys';

const UUID = '0987dcba-09fe-87dc-65ba-ab0987654321';
const MRK = 'mrk-1234abcd12ab34cd56ef1234567890ab';

describe('what a spelling of a KMS key says', () => {
  test.each([
    ['aws', 'eu-west-1', UUID],
    ['aws', 'eu-west-1', MRK],
    ['aws-cn', 'cn-north-1', UUID],
    ['aws-us-gov', 'us-gov-west-1', MRK],
  ])('a full ARN in partition %s, Region %s, with id %s names partition, Region, account and id', (partition, region, keyId) => {
    const identity = keyIdentity(`arn:${partition}:kms:${region}:111122223333:key/${keyId}`);
    expect(identity).toEqual({ kind: 'key-arn', partition, region, account: '111122223333', keyId });
  });

  test.each([UUID, MRK])('%s alone names no account and no Region', (keyId) => {
    expect(keyIdentity(keyId)).toEqual({ kind: 'key-id', keyId });
  });

  test.each([
    ALIAS_NAME,
    'alias/aws/s3',
    ALIAS_ARN,
    'arn:aws-cn:kms:cn-north-1:111122223333:alias/data',
    `arn:aws-us-gov:kms:us-gov-west-1:111122223333:alias/${UUID}`,
  ])('%s is an alias and names no key', (spelling) => {
    expect(keyIdentity(spelling)).toEqual({ kind: 'alias' });
  });

  test.each([
    ['empty', ''],
    ['blank before an ARN', ` ${RIGHT_KEY}`],
    ['newline after an ARN', `${RIGHT_KEY}\n`],
    ['newline after an id', `${UUID}\n`],
    ['wildcard id', 'arn:aws:kms:eu-west-1:111122223333:key/*'],
    ['alias as key id', 'arn:aws:kms:eu-west-1:111122223333:key/alias'],
    ['account of 11 digits', `arn:aws:kms:eu-west-1:11112222333:key/${UUID}`],
    ['no Region', `arn:aws:kms::111122223333:key/${UUID}`],
    ['another service', `arn:aws:s3:eu-west-1:111122223333:key/${UUID}`],
    ['another partition family', `arn:azure:kms:eu-west-1:111122223333:key/${UUID}`],
    ['two ARNs', `${RIGHT_KEY},${RIGHT_KEY}`],
  ])('%s: not recognised', (_, spelling) => {
    expect(keyIdentity(spelling)).toEqual({ kind: 'unrecognised' });
  });
});

describe('whether two spellings name one key', () => {
  test.each([
    ['a full ARN and itself', RIGHT_KEY, RIGHT_KEY, 'same'],
    ['two ids in one account', RIGHT_KEY, OTHER_KEY, 'different'],
    ['one id in two accounts', RIGHT_KEY, FOREIGN_ACCOUNT_KEY, 'different'],
    ['one mrk- id in two Regions', RIGHT_KEY, OTHER_REGION_KEY, 'different'],
    ['one id in two partitions', RIGHT_KEY, RIGHT_KEY.replace('arn:aws:', 'arn:aws-cn:'), 'different'],
    ['an ARN and its bare id', RIGHT_KEY, BARE_RIGHT_ID, 'undecidable'],
    ['an ARN and another bare id', RIGHT_KEY, BARE_OTHER_ID, 'different'],
    ['a bare id and itself', BARE_RIGHT_ID, BARE_RIGHT_ID, 'undecidable'],
    ['an ARN and an alias ARN of its account', RIGHT_KEY, ALIAS_ARN, 'undecidable'],
    ['an ARN and an alias name', RIGHT_KEY, ALIAS_NAME, 'undecidable'],
    ['an alias ARN and itself', ALIAS_ARN, ALIAS_ARN, 'undecidable'],
    ['an alias that looks like the key id', `arn:aws:kms:eu-west-1:111122223333:key/${UUID}`, `alias/${UUID}`, 'undecidable'],
    ['an ARN and nothing', RIGHT_KEY, '', 'undecidable'],
    ['nothing and nothing', '', '', 'undecidable'],
  ])('%s: %s and %s are %s', (_, a, b, expected) => {
    expect([compareKeys(a, b), compareKeys(b, a)]).toEqual([expected, expected]);
  });
});
