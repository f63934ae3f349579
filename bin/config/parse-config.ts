import { arnFaults } from './arn-faults';
import { deploymentFaults } from './deployment-faults';
import type { Fault } from './fault';
import type { GuardConfig } from './guard-config';
import type { Home } from './home';
import { audit, data, keys } from './read-deployments';
import { listOf, optional, type Read, record, text, textMap, withDefault, yesOrNo } from './readers';
import { sharedKeyFaults } from './shared-key-faults';

/**
 * The configuration in a parsed JSON document, or everything that is wrong with it. Pure: reads no file.
 *
 * @param home - where stacks go of which the document does not say
 */
export function parseConfig(document: unknown, home: Home = {}): { config: GuardConfig } | { faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const config = GUARD(document, '', faults);
  if (config !== undefined) faults.push(...deploymentFaults(config), ...arnFaults(config, home), ...sharedKeyFaults(config));
  return config === undefined || faults.length > 0 ? { faults } : { config };
}

const GUARD: Read<GuardConfig> = record<GuardConfig>(
  { must: 'the file must hold one JSON object', remedy: 'Begin with { "data": [{ "buckets": [{ "id": "Data" }] }] }.' },
  {
    $schema: optional(text(/\S/, { must: 'must be the path of the schema', remedy: 'It is for editors; leave it out if unsure.' })),
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
    tags: withDefault(
      {},
      textMap(/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u, {
        must: 'must be an object of at most 50 tags: names and values of letters, digits, blanks and _ . : / = + - @, and no name begins with aws:',
        remedy: 'For example { "team": "storage" }; leave it out for none.',
      }),
    ),
    terminationProtection: withDefault(true, yesOrNo('Leave it out for true: somebody must take it off before a stack can be deleted.')),
    data: listOf(data, {
      least: 1,
      most: 50,
      must: 'must be a list of 1 to 50 objects, one for each account and Region',
      remedy: 'For example [{ "buckets": [{ "id": "Data" }] }].',
    }),
    keys: withDefault(
      [],
      listOf(keys, {
        least: 1,
        most: 50,
        must: 'must be a list of 1 to 50 objects, one for each account and Region',
        remedy: 'Leave it out where each bucket has a key of its own, or one that exists.',
      }),
    ),
    audit: optional(audit),
  },
);
