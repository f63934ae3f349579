// `npm run audit`: checkov on the templates of the app in bin/. Exit codes: 0 no finding, 1 findings, 2 cannot run.
import { judge } from './accepted-findings.mjs';
import { reportAndSetExitCode } from './cannot-run.mjs';
import { checkNode } from './check-node.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { pythonWith, runPython } from './python-tools.mjs';
import { withTemplates } from './synth-app.mjs';

/** Nothing is fetched, and nothing is sent. */
const OPTIONS = ['--framework', 'cloudformation', '--output', 'json', '--compact', '--quiet', '--skip-download'];

async function main() {
  checkNode();
  await ensureInstalled();
  const python = await pythonWith('audit');
  console.log('Auditing the templates of the app with checkov …');
  const findings = await withTemplates((templates) => audit(python, templates));
  process.exitCode = judge('checkov', findings) === 0 ? 0 : 1;
}

async function audit(python, templates) {
  const files = templates.flatMap(({ template }) => ['--file', template]);
  const { stdout, stderr } = await runPython('checkov', python, ['-m', 'checkov.main', ...files, ...OPTIONS], 600_000);
  const { results, summary } = parse(stdout, stderr);
  if (summary.resource_count === 0 || summary.passed === 0 || summary.parsing_errors > 0) {
    throw new Error(`checkov did not read the templates: ${JSON.stringify(summary)}`);
  }
  console.log(
    `  ${templates.length} templates: ${summary.passed} checks passed on ${summary.resource_count} resources, ${summary.failed} failed`,
  );
  return results.failed_checks.map(({ check_id: rule, check_name: message, resource, file_abs_path: file }) => ({
    config: templates.find(({ template }) => template === file)?.config,
    rule,
    message,
    logicalId: resource.split('.').at(-1),
  }));
}

function parse(stdout, stderr) {
  try {
    const { results, summary } = JSON.parse(stdout);
    if (results && summary) return { results, summary };
  } catch {
    // Said below, with what checkov says itself.
  }
  throw new Error(`checkov gave no result: ${stderr || stdout}`);
}

await main().catch(reportAndSetExitCode);
