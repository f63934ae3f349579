import type { Stage } from '../stage';
import { DATA_ACCOUNT, DATA_STACK, KEY_ACCOUNT, KEY_STACK } from './deploy';
import { askAboutKey, type KeyQuestion } from './key-questions';

/** Where key and data are in accounts of their own: what is where, and who may use the key on AWS. */
export interface Accounts {
  readonly key: { readonly account: string; readonly stack: string; readonly keyArn: string };
  readonly data: { readonly account: string; readonly stack: string; readonly bucket: string };
  readonly questions: readonly KeyQuestion[];
}

export async function describeAccounts({ deployment, world, application }: Stage): Promise<Accounts> {
  if (application === undefined) throw new Error('The demo knows no application of the data account.');
  const { KmsBucket: bucket, KmsBucketKey: keyArn } = deployment;
  return {
    key: { account: KEY_ACCOUNT, stack: KEY_STACK, keyArn },
    data: { account: DATA_ACCOUNT, stack: DATA_STACK, bucket },
    questions: await askAboutKey(keyArn, bucket, { application, enforcer: world.role }, world),
  };
}
