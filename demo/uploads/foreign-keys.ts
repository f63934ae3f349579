import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { credentialsOf } from '../engine/environment';

/** A key of another account. In the engine, twelve digits as access key id make an account of their own. */
export async function createKeyOf(account: string): Promise<string> {
  return createKey(new KMSClient({ credentials: credentialsOf(account) }));
}

export async function createOwnKey(): Promise<string> {
  return createKey(new KMSClient({}));
}

export async function disableKey(keyArn: string): Promise<void> {
  await new KMSClient({}).send(new DisableKeyCommand({ KeyId: keyArn }));
}

async function createKey(kms: KMSClient): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'Made by the demo for one upload' }));
  if (KeyMetadata?.Arn === undefined) throw new Error('The engine made a KMS key without telling its ARN.');
  return KeyMetadata.Arn;
}
