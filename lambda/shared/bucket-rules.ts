import { type BucketRule, decodeRule } from '../../lib/domain/bucket-rule';
import { ruleParameterName } from '../../lib/domain/contract';
import { RetryableError, ThrottledError } from './errors';

/** Reads one SSM parameter; undefined where there is none. */
export type ReadParameter = (name: string, options: { readonly fresh: boolean }) => Promise<string | undefined>;

/** The rules of the buckets that are enforced here. */
export interface BucketRules {
  /** May be 60 seconds old. Enough to call an object compliant. */
  cached(bucket: string): Promise<BucketRule>;
  /** Read anew. Needed before an object is touched. */
  fresh(bucket: string): Promise<BucketRule>;
}

/**
 * Rules for one invocation: each parameter is read at most once cached and once fresh, however many objects there are,
 * because SSM throttles (https://docs.aws.amazon.com/general/latest/gr/ssm.html).
 */
export function rulesForInvocation(read: ReadParameter, rulePrefix: string): BucketRules {
  const reader = (fresh: boolean) => {
    const rules = new Map<string, Promise<BucketRule>>();
    return (bucket: string) => {
      const rule = rules.get(bucket) ?? readRule(read, ruleParameterName(rulePrefix, bucket), fresh);
      rules.set(bucket, rule);
      return rule;
    };
  };
  return { cached: reader(false), fresh: reader(true) };
}

/** The bucket is not enforced here, or no more, or not yet. */
export class NoRuleError extends RetryableError {}

/** Without a rule there is no verdict: the bucket is not enforced here, or not yet, or the parameter is damaged. */
async function readRule(read: ReadParameter, name: string, fresh: boolean): Promise<BucketRule> {
  try {
    const text = await read(name, { fresh });
    if (text === undefined)
      throw new NoRuleError(`The rule ${name} cannot be used: there is no such parameter; is the bucket enforced here?`);
    return decodeRule(text);
  } catch (error) {
    if (error instanceof NoRuleError) throw error;
    const text = `The rule ${name} cannot be used: ${error instanceof Error ? error.message : String(error)}`;
    throw isThrottling(error) ? new ThrottledError(text, { cause: error }) : new RetryableError(text, { cause: error });
  }
}

/** Powertools wraps what the SDK threw. */
function isThrottling(error: unknown): boolean {
  const causes = error instanceof Error ? [error, error.cause] : [];
  return causes.some((each) => each instanceof Error && /^(ThrottlingException|TooManyUpdates|RequestLimitExceeded)$/.test(each.name));
}
