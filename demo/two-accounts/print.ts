import { formatTable, shorten } from '../table';
import type { Accounts } from './accounts';
import type { KeyQuestion } from './key-questions';

/** Which account has what, and who may use the key: both halves of each permission, and the statements that decide. */
export function printAccounts({ key, data, questions }: Accounts): void {
  console.log(`Key account ${key.account}, stack ${key.stack}: ${key.keyArn}`);
  console.log(`Data account ${data.account}, stack ${data.stack}: ${data.bucket}`);
  console.log(`\nWho may use the key, on AWS\n${formatTable(COLUMNS, questions.map(cells))}\n`);
  console.log(LEGEND);
  for (const { who, account, ok, expected, observed } of questions) {
    if (!ok) console.log(`mismatch: ${who} of ${account}\n  expected  ${expected}\n  observed  ${observed}`);
  }
  console.log(`${questions.filter(({ ok }) => ok).length} of ${questions.length} questions about the key were answered as expected.\n`);
}

const COLUMNS = ['who', 'of account', 'asks for', 'in order to', 'key policy lets', 'IAM policy lets', 'KMS answers', ''];

const LEGEND = `KMS on AWS, key policy, IAM policy: the policies as deployed, evaluated offline. Where the engine does not ask them, what
KMS would deny is stored here. A statement without a Sid is told by its place in its policy.
`;

function cells({ who, account, action, purpose, keyStatement, iamStatement, answer, ok }: KeyQuestion): string[] {
  return [who, account, action, purpose, ...[keyStatement, iamStatement].map((sid) => shorten(sid ?? '-', 24)), answer, ok ? '✓' : '✗'];
}
