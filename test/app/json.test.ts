import { ConfigurationFaults, type Fault } from '../../bin/config/fault';
import { parseConfig } from '../../bin/config/parse-config';
import { parseJson } from '../../bin/config/parse-json';

function faultsOf(text: string): readonly Fault[] {
  const result = parseJson(text);
  return 'faults' in result ? result.faults : [];
}

describe('the text of a configuration', () => {
  test.each([
    ['nothing', '', 'value expected (line 1 column 1)'],
    ['a trailing comma', '{\n  "buckets": [],\n}', 'property name expected (line 3 column 1)'],
    ['a trailing comma in a list', '[\n  1,\n]', 'value expected (line 3 column 1)'],
    ['a word that JSON does not know', '{\n  "versioned": True\n}', 'invalid symbol (line 2 column 16)'],
    ['a missing comma', '{ "a": 1\n  "b": 2 }', 'comma expected (line 2 column 3)'],
    ['no end', '{\n  "a": [', 'close bracket expected (line 2 column 9)'],
    ['something after the end', '{}\n{}', 'end of file expected (line 2 column 1)'],
    ['a comment', '{\n  // why\n}', 'invalid comment token (line 2 column 3)'],
    ['quotes of JavaScript', "{ 'a': 1 }", 'invalid symbol (line 1 column 3)'],
  ])('with %s is no JSON, and the fault says where, whatever the version of Node', (_, text, what) => {
    expect(faultsOf(text).map((fault) => fault.what)).toEqual([`is not JSON: ${what}`]);
    expect(() => JSON.parse(text)).toThrow();
  });

  test('may begin with a mark of its byte order', () => {
    expect(parseJson('\ufeff{ "buckets": [] }')).toEqual({ document: { buckets: [] } });
  });

  test('is read as JSON.parse reads it', () => {
    const text = String.raw`{ "a": [1, -2.5e3, true, false, null, { "": "\u00fc\n\"" }], "b": {}, "toString": "x" }`;
    expect(parseJson(text)).toEqual({ document: JSON.parse(text) });
  });

  test('says nothing twice: not the last of two fields wins, a fault names their path', () => {
    const text = '{ "buckets": [{ "id": "A" },\n { "id": "B", "action": "report",\n "action": "quarantine" }], "buckets": [] }';
    expect(faultsOf(text)).toEqual([
      { path: 'buckets[1].action', what: 'is given once more (line 3 column 2)', value: 'quarantine', remedy: expect.any(String) },
      { path: 'buckets', what: 'is given once more (line 3 column 29)', value: [], remedy: expect.any(String) },
    ]);
    expect(faultsOf('[{ "id": 1 }, { "id": 1 }]')).toEqual([]);
  });
});

test('a number that is too large is not said to be null', () => {
  const read = parseJson('{ "data": [{ "buckets": [{ "id": "Data", "expireAfterDays": 1e999 }] }] }');
  const parsed = parseConfig('document' in read ? read.document : undefined);
  const { message } = new ConfigurationFaults('guard.json', 'faults' in parsed ? parsed.faults : []);
  expect(message).toMatch(/data\[0\]\.buckets\[0\]\.expireAfterDays .* \(got "a number too large to be read"\)/);
});
