import type { Policy } from './simulate';

/** The one condition key that iam-simulate does not know: S3 states it in each request to KMS. */
export const ENCRYPTION_CONTEXT = 'kms:EncryptionContext:aws:s3:arn';

type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * What is left of a policy once its encryption context has been looked at: statements that do not match drop out, the others lose that
 * condition. The rest is for the simulator, which would take the condition for one that never matches.
 */
export function inContext(policy: Policy, context: string | undefined): Policy {
  const statements = policy['Statement'] as readonly { readonly Effect: string; readonly Condition?: Condition }[];
  const Statement = statements.filter(({ Condition }) => matchesContext(Condition, context)).map(withoutContext);
  return { ...policy, Statement };
}

/** Whether an `aws:s3:arn` satisfies a condition on it, by IAM's StringLike. A context that is not stated satisfies none. */
export function matchesContext(condition: Condition = {}, context: string | undefined): boolean {
  const { StringLike: { [ENCRYPTION_CONTEXT]: patterns } = {}, ...others } = condition;
  if (JSON.stringify(others).includes('kms:EncryptionContext')) throw new Error(`not understood: ${JSON.stringify(condition)}`);
  return patterns === undefined || [patterns].flat().some((pattern) => context !== undefined && isLike(String(pattern), context));
}

function withoutContext<T extends { readonly Condition?: Condition }>(statement: T): T {
  const { StringLike: { [ENCRYPTION_CONTEXT]: _, ...others } = {}, ...Condition } = statement.Condition ?? {};
  return { ...statement, Condition: Object.keys(others).length > 0 ? { ...Condition, StringLike: others } : Condition };
}

/** `*` is any text, `?` any character; case counts. */
function isLike(pattern: string, text: string): boolean {
  const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, (special) => ({ '*': '.*', '?': '.' })[special] ?? `\\${special}`);
  return new RegExp(`^${source}$`, 's').test(text);
}
