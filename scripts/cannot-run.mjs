/** Something the machine lacks, told in one line with its remedy; the program ends with exit code 2 and no stack trace. */
export class CannotRun extends Error {
  name = 'CannotRun';

  constructor(problem, remedy) {
    super(`${problem}. ${remedy}`);
  }
}

/** Ends the program as this error asks for; every other error is a defect and keeps its stack trace. */
export function reportAndSetExitCode(error) {
  // The twin in demo/ has more to show: the last words of a program that failed.
  console.error(error?.name === 'CannotRun' ? (error.report ?? `Cannot run: ${error.message}`) : error);
  process.exitCode = 2;
}
