/** What tests, judges and benchmarks take the profile of the CDK CLI to be. */
const HOME = { account: '111122223333', region: 'eu-west-1' };

// biome-ignore lint/suspicious/noExplicitAny: a document is anything, until it is parsed
type Json = any;

/**
 * A configuration after the first deployments: with what only these know, which is ARNs of keys, and bucket and key of the audit. And with
 * an account and a Region, as the profile has.
 */
export function deployed(document: Json): Json {
  const { data, keys = [], audit, ...others } = structuredClone(document);
  for (const home of data) Object.assign(home, { ...HOME, ...home });
  for (const home of keys) for (const [index, key] of home.keys.entries()) Object.assign(key, { arn: keyArn(home, index), ...key });
  if (audit?.account !== undefined) Object.assign(audit, { delivery: { bucketName: 'audit-files', keyArn: keyArn(audit, 9) }, ...audit });
  return { ...others, data, ...(keys.length > 0 && { keys }), ...(audit && { audit }) };
}

function keyArn({ account, region }: typeof HOME, digit: number): string {
  return `arn:aws:kms:${region}:${account}:key/${String(digit).repeat(8)}-2222-3333-4444-555555555555`;
}
