// Writes into docs/guarantees.md what becomes of each kind of object under each action, and then on its way out of quarantine: the data that
// test/lambda/object-matrix.test.ts and object-matrix-way-out.test.ts walk through. With --check, says whether it stands there, and writes nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './built-package.mjs';
import { reportAndSetExitCode } from './cannot-run.mjs';
import { writeGeneratedPart } from './generated-part.mjs';

const SOURCE = 'test/lambda/object-matrix.json';
const ACTIONS = ['report', 'tag', 'quarantine', 'reencrypt'];

function main(check) {
  const { kinds } = JSON.parse(readFileSync(join(root, SOURCE), 'utf8'));
  const write = (what, content) => {
    const begin = `<!-- ${what} from ${SOURCE} by "npm run docs", from here -->`;
    writeGeneratedPart({ page: 'docs/guarantees.md', begin, content, check, source: SOURCE });
  };
  write('generated', enforcement(kinds.filter(({ since }) => since === undefined)));
  write('way out, generated', wayOut(kinds));
}

function enforcement(kinds) {
  const head = ['object', 'what S3 says', ...ACTIONS.map(nameOf)];
  return table(
    head,
    kinds.map((kind) => [kind.kind, answersOf(kind), ...ACTIONS.map((action) => wordsOf(kind[action]))]),
  );
}

/** Of each kind that has a copy in quarantine, and of what happens to it there; actions that come to the same stand in one row. */
function wayOut(kinds) {
  const rows = kinds.flatMap((kind) => {
    const moving = ACTIONS.filter((action) => kind[action].copy);
    const ways = moving.map((action) => [kind[action].release, kind[action].discard].map(wordsOfWay));
    const [first] = ways;
    const object = kind.since === undefined ? kind.kind : `${kind.kind}: ${answersOf(kind)}`;
    return ways.every((way) => way.join() === first.join())
      ? ways.slice(0, 1).map((way) => [object, moving.map(nameOf).join(', '), ...way])
      : ways.map((way, at) => [object, nameOf(moving[at]), ...way]);
  });
  return table(['object', 'moved by', 'release', 'discard'], rows);
}

function wordsOfWay({ status, inTheWay, because, dryRun, inParts, overwriting }) {
  return [
    inTheWay === undefined ? status : `${status}: ${inTheWay} lies there`,
    inParts && 'over several invocations (`unfinished`)',
    because && `*${because.join('; ')}*`,
    dryRun && 'the dry run cannot tell',
    overwriting && `with \`overwrite\` ${wordsOfWay(overwriting)}`,
  ]
    .filter(Boolean)
    .join('; ');
}

function nameOf(action) {
  return `\`${action.toUpperCase()}\``;
}

function table(head, rows) {
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
