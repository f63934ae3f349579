// Writes into docs/guarantees.md what becomes of each kind of object under each action: the data that test/lambda/object-matrix.test.ts
// walks through. With --check, says whether it stands there, and writes nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './built-package.mjs';
import { reportAndSetExitCode } from './cannot-run.mjs';
import { writeGeneratedPart } from './generated-part.mjs';

const SOURCE = 'test/lambda/object-matrix.json';
const ACTIONS = ['report', 'tag', 'quarantine', 'reencrypt'];

function main(check) {
  const begin = `<!-- generated from ${SOURCE} by "npm run docs", from here -->`;
  const { kinds } = JSON.parse(readFileSync(join(root, SOURCE), 'utf8'));
  writeGeneratedPart({ page: 'docs/guarantees.md', begin, content: table(kinds), check, source: SOURCE });
}

function table(kinds) {
  const head = ['object', 'what S3 says', ...ACTIONS.map((action) => `\`${action.toUpperCase()}\``)];
  const rows = kinds.map((kind) => [kind.kind, answersOf(kind), ...ACTIONS.map((action) => wordsOf(kind[action]))]);
  const lines = [head, head.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
  );
  return `${lines.join('\n')}\n`;
}

function answersOf({ s3 = {}, says, page }) {
  const answers = Object.entries(s3).map(([request, answer]) => `\`${request}\`: ${answer}`);
  return `${[...answers, ...(says === undefined ? [] : [says])].join('; ')} ([AWS](${page}))`;
}

/** What is not said is as usual: no copy unless it is quarantined, and the original where it was unless it is. */
function wordsOf({ outcome, mended, copy, original, annotations, uncovers, alarm, because }) {
  return [
    mended === undefined ? outcome : `${outcome} ${mended}`,
    mended === 'by a copy' && (original === 'stays' ? 'the original stays below, and is in quarantine, too' : 'the original in quarantine'),
    copy && outcome !== 'quarantined' && mended === undefined && 'a copy in quarantine',
    original === 'hidden' && 'the original hidden, not gone',
    annotations !== undefined && `annotations ${annotations}`,
    uncovers && 'the report names the version below (`uncovered`)',
    alarm && `**${alarm}**: ${because.join('; ')}`,
  ]
    .filter(Boolean)
    .join('; ');
}

try {
  main(process.argv.includes('--check'));
} catch (error) {
  reportAndSetExitCode(error);
}
