/** Key spellings that the tables of the domain and policy tests speak of. Ids and accounts are those of the AWS documentation. */
export const OWNER_ACCOUNT = '111122223333';
export const FOREIGN_ACCOUNT = '444455556666';

/** A multi-Region key id, so that the same id can lie in another Region. */
const RIGHT_ID = 'mrk-1234abcd12ab34cd56ef1234567890ab';

export const RIGHT_KEY = `arn:aws:kms:eu-west-1:111122223333:key/${RIGHT_ID}`;
export const SECOND_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321';
export const OTHER_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
export const FOREIGN_ACCOUNT_KEY = `arn:aws:kms:eu-west-1:444455556666:key/${RIGHT_ID}`;
export const OTHER_REGION_KEY = `arn:aws:kms:us-east-1:111122223333:key/${RIGHT_ID}`;
export const BARE_RIGHT_ID = RIGHT_ID;
export const BARE_OTHER_ID = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
export const ALIAS_ARN = 'arn:aws:kms:eu-west-1:111122223333:alias/data';
export const ALIAS_NAME = 'alias/data';
