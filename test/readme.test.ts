import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as library from '../lib';

const ROOT = join(__dirname, '..');
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  ...['architecture', 'guarantees', 'operator-runbook', 'roll-out', 'deployment', 'benchmarks', 'audit', 'kms-quota'].map(
    (name) => `docs/${name}.md`,
  ),
];
const CONSTRUCTS = new Set([...Object.keys(library), ...Object.keys(library.mixins)]);

const textOf = (document: string) => readFileSync(join(ROOT, document), 'utf8');

/** As GitHub makes them. */
function anchorsOf(document: string): Set<string> {
  const headings = [...textOf(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe.each(DOCUMENTS)('%s', (document) => {
  test('links to nothing in here that is not there', () => {
    const links = [...textOf(document).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : join(document, '..', path);
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).has(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe.each(DOCUMENTS)('whoever copies a command of %s', (document) => {
  const blocks = (language: string) =>
    [...textOf(document).matchAll(new RegExp(`^ *\`\`\`${language}\\n(.*?)^ *\`\`\`$`, 'gms'))].map(([, text = '']) => text);

  test('gets what a shell takes, as it stands in the file', () => {
    const told = blocks('(?:sh|bash)').map((text) => ({ text, ...spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' }) }));
    expect(told.filter(({ status, stderr }) => status !== 0 || stderr !== '').map(({ text, stderr }) => [text, stderr])).toEqual([]);
  });

  test('gets JSON that is JSON', () => {
    for (const text of blocks('json')) expect(() => JSON.parse(text)).not.toThrow();
  });
});

test('who copies the snippets of README.md gets from its import what they compile with', () => {
  const namesIn = (document: string) => /^import \{ (.*) \} from 'cdk-s3-encryption-guard';$/m.exec(textOf(document))?.[1]?.split(', ');
  expect(namesIn('README.md')).toEqual(namesIn('rosetta/default.ts-fixture'));
});

describe('the table of promises', () => {
  const rows =
    (textOf('README.md').split('## What is promised')[1] ?? '')
      .split('\n## ')[0]
      ?.match(/^\| .*\|$/gm)
      ?.slice(2) ?? [];

  test('names every scheme and every construct that promises something', () => {
    const named = rows.join('\n');
    for (const scheme of ['SSE-S3', 'SSE-KMS', 'DSSE-KMS', 'SSE-C', 'client-side']) expect(named).toContain(`**${scheme}**`);
    // The rest are enums, and parts of these.
    const promising = [...CONSTRUCTS].filter((name) =>
      /Bucket$|Enforcer$|^RequireEncryption$|Key$|Trail$|Alerts$|Monitor$|Monitoring$|Canary$|^ObjectEncryption$/.test(name),
    );
    expect(promising.filter((name) => !named.includes(`\`${name}\``))).toEqual([]);
  });

  test('has a test for each promise, and no construct that there is not', () => {
    for (const row of rows) {
      const [, constructs = '', proof = ''] = row.split(' | ');
      expect([row, /the same|\(test\//.test(proof)]).toEqual([row, true]);
      const unknown = [...constructs.matchAll(/`(\w+)`/g)].map(([, name = '']) => name).filter((name) => !CONSTRUCTS.has(name));
      expect(unknown).toEqual([]);
    }
    expect(rows.length).toBeGreaterThan(12);
  });
});
