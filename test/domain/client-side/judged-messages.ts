import { classifyMessage } from '../../../lib/domain/client-side/message';
import { joined, type MessageParts, rawAesKey, replaced, type Sections, SUITE_TABLE, type SuiteRow, sectionsOf } from './built-messages';

export const suiteRow = (id: string): SuiteRow => {
  const row = SUITE_TABLE.find(([each]) => each === id);
  if (row === undefined) throw new Error(`no suite ${id}`);
  return row;
};
/** A message with the least that it needs, of a suite with key commitment. */
export const made = (changes: Partial<MessageParts> = {}): Sections =>
  sectionsOf({ suite: suiteRow('0478'), context: [], dataKeys: [rawAesKey(32)], frameLength: 4096, plaintextLength: 32, ...changes });
export const V1 = { suite: suiteRow('0178') };

export const judged = (sections: Sections, size?: number) => {
  const message = joined(sections);
  return classifyMessage(message, size ?? message.length);
};
export const kindOf = (sections: Sections, size?: number) => judged(sections, size).kind;
export function kindWith(sections: Sections, name: string, bytes: Buffer): string {
  const other = replaced(sections, name, () => bytes);
  return other === undefined ? `no section ${name}` : kindOf(other);
}
