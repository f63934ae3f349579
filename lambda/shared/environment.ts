export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables that a construct gives its function, under the names that the code has for them.
 *
 * @throws Error that names each that is missing or empty; the function then fails at cold start
 */
export function variablesIn<Name extends string>(
  env: Environment,
  names: Readonly<Record<Name, string>>,
  construct: string,
): Readonly<Record<Name, string>> {
  const variables = Object.entries<string>(names);
  const missing = variables.map(([, variable]) => variable).filter((variable) => !env[variable]);
  if (missing.length > 0) throw unusable(missing, construct);
  return Object.fromEntries(variables.map(([name, variable]) => [name, env[variable]])) as Record<Name, string>;
}

export function unusable(variables: readonly string[], construct: string): Error {
  return new Error(`Environment variables are missing or unusable: ${variables.join(', ')}. Deploy the function with ${construct}.`);
}
