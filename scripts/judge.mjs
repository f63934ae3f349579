// A step of `npm test`: cfn-lint on the templates of the app in bin/. Exit codes: 0 no finding, 1 findings, 2 cannot run.
import { judge } from './accepted-findings.mjs';
import { reportAndSetExitCode } from './cannot-run.mjs';
import { pythonWith, runPython } from './python-tools.mjs';
import { withTemplates } from './synth-app.mjs';

/** The package has no module to run; this is what its script does. */
const CFN_LINT = 'import sys; from cfnlint.runner import main; sys.exit(main())';

async function main() {
  const python = await pythonWith('judges');
  const findings = await withTemplates((templates) => lint(python, templates));
  process.exitCode = judge('cfn-lint', findings) === 0 ? 0 : 1;
}

/** Errors and warnings. Not the informational findings: those are about style, in a template that nobody writes by hand. */
async function lint(python, templates) {
  const files = templates.map(({ template }) => template);
  const args = ['-c', CFN_LINT, '--regions', 'eu-west-1', '--format', 'json', '--template', ...files];
  const { code, stdout, stderr } = await runPython('cfn-lint', python, args, 300_000);
  // With 0 it found nothing, and each kind of finding has a bit from 2 on; 1 is its own failure.
  if (code % 2 === 1) throw new Error(`cfn-lint failed on the app (exit code ${code}): ${stderr}`);
  return JSON.parse(stdout || '[]').map(({ Rule, Message, Location, Filename }) => ({
    config: templates.find(({ template }) => template === Filename)?.config,
    rule: Rule.Id,
    logicalId: String(Location.Path?.[1] ?? 'template'),
    message: Message,
  }));
}

await main().catch(reportAndSetExitCode);
