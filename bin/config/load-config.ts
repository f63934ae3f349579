import { readFileSync } from 'node:fs';
import { ConfigurationFaults } from './fault';
import type { GuardConfig } from './guard-config';
import type { Home } from './home';
import { parseConfig } from './parse-config';
import { parseJson } from './parse-json';

/** @throws ConfigurationFaults with everything that is wrong with the file */
export function loadConfig(file: string, home: Home): GuardConfig {
  const read = parseJson(textOf(file));
  if ('faults' in read) throw new ConfigurationFaults(file, read.faults);
  const result = parseConfig(read.document, home);
  if ('faults' in result) throw new ConfigurationFaults(file, result.faults);
  return result.config;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const what = `cannot be read: ${(error as Error).message}`;
    throw new ConfigurationFaults(file, [{ path: '', what, remedy: 'Name an existing file: cdk synth -c config=<path>.' }]);
  }
}
