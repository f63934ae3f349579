import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CannotRun } from './cannot-run.mjs';

const file = 'bin/stacks/accepted-findings.json';

/** What a tool may find: `{ rule, resource, reason }`, the resource by its logical id without the hash at its end. */
export function acceptedFor(tool) {
  const accepted = JSON.parse(readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), 'utf8'))[tool];
  const bare = accepted.find(({ rule, resource, reason }) => !rule || !resource || !(reason?.split(' ').length > 5));
  if (bare) throw new CannotRun(`${file} accepts ${JSON.stringify(bare)}`, 'Say rule and resource, and in a sentence why.');
  return accepted;
}

/**
 * Prints what a tool found and nobody accepted, and what is accepted and was not found: an acceptance that is needed no
 * longer would hide the next finding. Returns how many there are of both.
 */
export function judge(tool, findings) {
  const accepted = acceptedFor(tool);
  const covers = (acceptance, finding) => acceptance.rule === finding.rule && acceptance.resource === withoutHash(finding.logicalId);
  const open = findings.filter((finding) => !accepted.some((acceptance) => covers(acceptance, finding)));
  const stale = accepted.filter((acceptance) => !findings.some((finding) => covers(acceptance, finding)));
  for (const { rule, logicalId, message, config } of open) console.log(`  ✘ ${rule} ${logicalId}: ${message} (app with ${config})`);
  for (const { rule, resource } of stale)
    console.log(`  ✘ ${rule} ${resource}: accepted in ${file}, and not found any more. Remove it there.`);
  console.log(
    `${tool}: ${findings.length} findings, ${findings.length - open.length} of them accepted in ${file}, ${stale.length} acceptances stale`,
  );
  return open.length + stale.length;
}

function withoutHash(logicalId) {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}
