import { printOutcome, printSum } from '../../demo/print';
import { DEPLOYMENT, rowOf, uploadOf, WRONG } from './samples';

/** `\u001b` begins a command to a terminal. */
const COMMANDS = ['\r', '\u2028', '\u2029', '\u001b', '\nbucket-policy: Allowed'];

/** What looks like a row of its own, if a name is printed as it is. */
const NAME = 'a\r\nbucket-policy: Allowed\u2028\u2029\u001b[31m';

function printed(print: () => void): string {
  const lines: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line) => lines.push(String(line)));
  print();
  log.mockRestore();
  return lines.join('\n');
}

test('what would become of an upload on AWS is told without commands and line breaks of its name', () => {
  const onAws = { ending: WRONG.expected, because: `the role may not s3:GetObject on arn:aws:s3:::b/${NAME}` };
  const said = printed(() => printOutcome([rowOf({ upload: uploadOf(WRONG, { key: NAME }), onAws })], DEPLOYMENT));
  expect(said).toContain('the role may not s3:GetObject on arn:aws:s3:::b/a');
  expect(COMMANDS.filter((command) => said.includes(command))).toEqual([]);
});

test('so is a mismatch, with what was expected and observed', () => {
  const row = rowOf({ upload: uploadOf(WRONG, { key: NAME }), whereabouts: `LOST: no copy at s3://q/${NAME}` });
  const said = printed(() => {
    printOutcome([row], DEPLOYMENT);
    printSum([row]);
  });
  expect(said).toMatch(/^ {2}observed {2}.*LOST: no copy at s3:\/\/q\/a/m);
  expect(COMMANDS.filter((command) => said.includes(command))).toEqual([]);
});
