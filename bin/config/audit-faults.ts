import type { Unchecked } from './encryption-config';
import type { Fault } from './fault';
import type { GuardConfig } from './guard-config';
import { isKeyId } from './home';
import { auditHome } from './stack-names';

/** What the audit says of things that stand elsewhere in the file, or in AWS. */
export function auditFaults(config: Unchecked<GuardConfig>): Fault[] {
  return [...deliveryFaults(config), ...auditorFaults(config), ...keyFaults(config)];
}

/** What is given is an output of the stack, so it can be nowhere else. */
function deliveryFaults(config: Unchecked<GuardConfig>): Fault[] {
  const value = config.audit?.delivery?.keyArn;
  const { account, region } = auditHome(config);
  const [, , , ofRegion, ofAccount] = value?.split(':') ?? [];
  const isThere = (account === undefined || ofAccount === account) && (region === undefined || ofRegion === region);
  if (value === undefined || isThere) return [];
  const what = `is not of the account and Region of audit, ${account}/${region}`;
  return [{ path: 'audit.delivery.keyArn', what, value, remedy: 'Take it from the outputs of its stack.' }];
}

/** Athena lets in nobody of another account. */
function auditorFaults(config: Unchecked<GuardConfig>): Fault[] {
  const { account } = auditHome(config);
  return (config.audit?.auditors ?? []).flatMap((value, index) => {
    if (account === undefined || value === undefined || value.split(':')[4] === account) return [];
    const what = `is not of the account of audit, ${account}`;
    return [{ path: `audit.auditors[${index}]`, what, value, remedy: 'Name a role there, which people of other accounts assume.' }];
  });
}

function keyFaults({ audit, keys = [] }: Unchecked<GuardConfig>): Fault[] {
  const declared = keys.flatMap((home) => home?.keys?.map((key) => key?.id) ?? [undefined]);
  // What could not be read may be what is named.
  if (declared.includes(undefined)) return [];
  return (audit?.keys ?? []).flatMap((value, index) => {
    if (value === undefined || !isKeyId(value) || declared.includes(value)) return [];
    const what = 'is neither the ARN of a KMS key nor the id of one that is declared in keys';
    return [{ path: `audit.keys[${index}]`, what, value, remedy: 'Declare it there.' }];
  });
}
