import fc from 'fast-check';
import { onOneLine, percentEncoded, percentEncodedPlace } from '../../lib/domain/printable';

const RUNS = { seed: 20261122, numRuns: 2000 };
/** Every character, controls and halves of characters, too. */
const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const hasHalves = (text: string) => /\p{Surrogate}/u.test(text);

test('a key is one word of characters that a URI has, which says the key again when it is decoded', () => {
  fc.assert(
    fc.property(anyText, (key) => {
      expect(percentEncoded(key)).toMatch(/^[\w/.!~*'()%-]*$/);
      if (!hasHalves(key)) expect(decodeURIComponent(percentEncoded(key))).toBe(key);
    }),
    RUNS,
  );
});

test('free text is one line without quotation marks, backslashes and angle brackets, which says it again when it is decoded', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(onOneLine(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}"\\<>]|[^\S ]| {2}/u);
      if (!hasHalves(text)) expect(decodeURIComponent(onOneLine(text))).toBe(text);
    }),
    RUNS,
  );
});

test.each([
  ['a/b.txt', 'a/b.txt'],
  ['reports/ä 2026.csv', 'reports/%C3%A4%202026.csv'],
  ['a\n"What to do: http://evil', 'a%0A%22What%20to%20do%3A%20http%3A//evil'],
  ['100%', '100%25'],
  ['half \ud83d', 'half%20%EF%BF%BD'],
])('the key %j is %j', (key, printed) => {
  expect(percentEncoded(key)).toBe(printed);
});

test.each([
  ['SSE-KMS under arn:aws:kms:eu-west-1:111122223333:key/k', 'SSE-KMS under arn:aws:kms:eu-west-1:111122223333:key/k'],
  ['für अनु, SEC-142 (https://tickets.example/142)', 'für अनु, SEC-142 (https://tickets.example/142)'],
  ['unknown value "x"', 'unknown value %22x%22'],
  ['a\r\nb\u2028c\u202ed\u00a0e', 'a%0D%0Ab%E2%80%A8c%E2%80%AEd%C2%A0e'],
  ['far   away', 'far %20%20away'],
  ['nothing \u3164\u115f\uffa0\u034f\u{e0101} to see', 'nothing %E3%85%A4%E1%85%9F%EF%BE%A0%CD%8F%F3%A0%84%81 to see'],
])('the text %j is %j', (text, printed) => {
  expect(onOneLine(text)).toBe(printed);
});

test.each([
  ['s3://quarantine/objects/records/a b/v1', 's3://quarantine/objects/records/a%20b/v1'],
  ['s3://quarantine/a\ns3://b', 's3://quarantine/a%0As3%3A//b'],
  ['nowhere: here', 'nowhere%3A%20here'],
])('the place %j is %j', (place, printed) => {
  expect(percentEncodedPlace(place)).toBe(printed);
});
