import type { EncryptionDeclaration, PrefixRule } from './declaration';
import { denyStatement, type PolicyCondition, type PolicyStatementJson } from './policy-statement';
import { objectsUnder } from './prefix';
import { envelopesIn, factsOf } from './requirement';

/**
 * What is written straight into these nobody can read before it is restored, the enforcer neither: a way round where the evidence has to be read.
 * GLACIER_IR is read at once, and INTELLIGENT_TIERING archives after months, as lifecycle rules do, which is not the writer's doing:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/archived-objects.html
 */
const ARCHIVE_STORAGE_CLASSES = ['GLACIER', 'DEEP_ARCHIVE'] as const;

/** An upload that names no class is STANDARD. For replicas there is no such condition key: the rule of their source names their class. */
export const ARCHIVING = {
  actions: ['s3:PutObject'],
  condition: { StringEquals: { 's3:x-amz-storage-class': ARCHIVE_STORAGE_CLASSES } },
} as const;

/**
 * Where instruction files are accepted, a file that nobody can read would leave its object unverifiable. An exemption does not let it in:
 * it would outlast that, and hide what is written beside it later.
 *
 * A policy cannot say "all that end in this, but for some prefixes". So where the suffix is that of the bucket without prefixes, its
 * pattern reaches into those as well, which also covers a prefix that begins within the suffix: `a.i` beside the object `a`.
 *
 * @param customerKeys - what denies SSE-C
 */
export function instructionFileStatements(
  declaration: EncryptionDeclaration,
  bucketArn: string,
  customerKeys: { readonly actions: readonly string[]; readonly condition: PolicyCondition },
): PolicyStatementJson[] {
  const rules: readonly PrefixRule[] = [{ prefix: '', accepted: declaration.accepted }, ...declaration.prefixRules];
  const deny = (sid: string, { actions, condition }: typeof customerKeys, where: readonly PrefixRule[]) => {
    const Resource = filesUnder(where).map(({ prefix, suffix }) => objectsUnder(bucketArn, prefix, suffix));
    return Resource.length === 0 ? [] : [denyStatement({ sid, actions, condition }, { Resource })];
  };
  // Elsewhere SSE-C is denied anyway; and where nothing else is accepted, a pattern that reaches there would leave no way to write.
  const isAlone = declaration.prefixRules.some(({ accepted }) => accepted.every(isSseC));
  const beside = rules.filter(({ prefix, accepted }) => accepted.some(isSseC) && !(prefix === '' && isAlone));
  return [
    ...deny('DenyArchivedInstructionFiles', ARCHIVING, rules),
    ...deny('DenyInstructionFilesUnderCustomerKeys', customerKeys, beside),
  ];
}

const isSseC = (requirement: PrefixRule['accepted'][number]): boolean => factsOf(requirement).customerProvidedKeys;

/** Without those that a suffix of the whole bucket covers. */
function filesUnder(rules: readonly PrefixRule[]): { readonly prefix: string; readonly suffix: string }[] {
  const all = rules.flatMap(({ prefix, accepted }) => suffixesIn(accepted).map((suffix) => ({ prefix, suffix })));
  const everywhere = all.filter(({ prefix }) => prefix === '').map(({ suffix }) => suffix);
  return all.filter(({ prefix, suffix }) => prefix === '' || !everywhere.some((end) => suffix.endsWith(end)));
}

function suffixesIn(accepted: PrefixRule['accepted']): string[] {
  return [...new Set(envelopesIn(accepted).flatMap(({ instructionFileSuffix }) => instructionFileSuffix ?? []))];
}
