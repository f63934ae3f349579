import { CHANGE_CASES } from './lambda-contract-changes';
import { COPY_CASES } from './lambda-contract-copies';
import { ENCRYPTED_COPY_CASES } from './lambda-contract-encrypted-copies';
import { HEAD_CASES } from './lambda-contract-heads';
import { PARTS_CASES } from './lambda-contract-parts';
import { REKEY_CASES } from './lambda-contract-rekeying';
import type { StoreUnderTest } from './lambda-contract-setting';

const ALL_CASES = [...HEAD_CASES, ...COPY_CASES, ...ENCRYPTED_COPY_CASES, ...REKEY_CASES, ...PARTS_CASES, ...CHANGE_CASES];

/** Runs one suite on any object store. `differs` names the cases in which an engine is known not to be like AWS, and how. */
export function describeObjectStore(name: string, create: () => StoreUnderTest, differs: Readonly<Record<string, string>> = {}): void {
  const isSkipped = (caseName: string) => Object.hasOwn(differs, caseName);
  const skipped = ALL_CASES.filter(([caseName]) => isSkipped(caseName));
  if (skipped.length !== Object.keys(differs).length)
    throw new Error(`not all are cases of the contract: ${Object.keys(differs).join('; ')}`);
  describe(`${name} keeps the contract of an object store:`, () => {
    test.each(ALL_CASES.filter(([caseName]) => !isSkipped(caseName)))('%s', (_, run) => run(create()));
    for (const [caseName, run] of skipped) {
      const title = `${caseName} [the engine is not like AWS: ${differs[caseName]}]`;
      process.stderr.write(`SKIPPED: ${title}\n`);
      test.skip(title, () => undefined);
      test(`skipped with reason, it does fail: ${caseName}`, () => expect(run(create())).rejects.toThrow());
    }
  });
}
