import type { GuardConfig } from '../config/guard-config';
import type { TrailPlace } from '../config/stack-names';
import { DELIVERY_OUTPUTS } from './audit-stack';
import { keyOutput } from './key-stack';

/** A stack that is not made, since it needs what only another deployment knows. */
export interface Omission {
  readonly stackName: string;
  readonly account: string | undefined;
  readonly missing: readonly Missing[];
}

/** What KMS or CloudFormation chooses, so that nobody knows it beforehand. */
interface Missing {
  readonly what: string;
  /** The stack that knows it. */
  readonly stackName: string;
  readonly account: string | undefined;
  readonly outputs: readonly string[];
  /** Where the configuration takes it. */
  readonly paths: readonly string[];
}

/** Keys of other accounts and Regions, whose ARNs are not known. */
export function missingKeys({ keys }: GuardConfig, named: readonly string[], home: Pick<TrailPlace, 'account' | 'region'>): Missing[] {
  return keys.flatMap(({ account, region, stackName, keys: declared }, place) =>
    declared.flatMap(({ id, arn }, index) => {
      if (!named.includes(id) || arn !== undefined || (account === home.account && region === home.region)) return [];
      const path = `keys[${place}].keys[${index}].arn`;
      return [{ what: `the ARN of the key ${id}`, stackName, account, outputs: [keyOutput(id)], paths: [path] }];
    }),
  );
}

export function missingDelivery({ stackName, account }: TrailPlace): Missing {
  const outputs = Object.values(DELIVERY_OUTPUTS);
  const paths = Object.keys(DELIVERY_OUTPUTS).map((field) => `audit.delivery.${field}`);
  return { what: 'bucket and key of the audit', stackName, account, outputs, paths };
}

/** What to do next, once for each thing that is missing. */
export function omissionsText(omissions: readonly Omission[], file: string): string {
  const missing = new Map(omissions.flatMap((omission) => omission.missing.map((one) => [one.what, one])));
  return [...missing.values()]
    .map((one) =>
      stepText(
        one,
        omissions.filter((omission) => waitsFor(omission, one)),
        file,
      ),
    )
    .join('\n');
}

function waitsFor(omission: Omission, { what }: Missing): boolean {
  return omission.missing.some((one) => one.what === what);
}

function stepText({ what, stackName, account, outputs, paths }: Missing, waiting: readonly Omission[], file: string): string {
  return [
    `Left out, until the configuration says ${what}: ${waiting.map((omission) => omission.stackName).join(', ')}.`,
    `  With credentials of ${account}: npx cdk deploy ${stackName} -c config=${file}`,
    `  Then write the ${outputs.length === 1 ? 'output' : 'outputs'} ${outputs.join(' and ')} into ${paths.join(' and ')}.`,
  ].join('\n');
}
