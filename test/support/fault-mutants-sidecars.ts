import type { Mutant } from './fault-mutants';

const EVIDENCE = 'client-side-evidence.ts';
const LOOK = 'client-side/look.ts';
const FILE = 'client-side/instruction-file.ts';

/** The verification of objects whose envelope lies in an instruction file, with one step broken. */
export const SIDECAR_MUTANTS: readonly Mutant[] = [
  {
    name: 'an instruction file is compliant because of its name',
    file: 'judge.ts',
    replace: [
      [
        '    const found = verdict.compliant ?',
        "    if (this.object.key.endsWith('.instruction')) return { verdict: { compliant: true }, mayChange: false };\n    const found = verdict.compliant ?",
      ],
    ],
    noticedAs: ['false verdict', 'not in one place'],
  },
  {
    name: 'whatever was looked at is compliant',
    file: 'judge.ts',
    replace: [
      [
        'const informed = evaluate(accepted, encryption, found.evidence);',
        'const informed = { ...verdict, ...found.evidence, compliant: true };',
      ],
    ],
    noticedAs: ['false verdict', 'not in one place'],
  },
  {
    name: 'waiting for an instruction file, and not sent anew',
    file: 'process-batch.ts',
    replace: [['return resend({ ...object, throttles: 0 }, queue, step.delaySeconds, ports.send, ports.now());', 'return undefined;']],
    noticedAs: ['message without verdict'],
  },
  {
    name: 'a grace of one minute',
    file: LOOK,
    replace: [['const GRACE_MILLIS = 10 * 60_000;', 'const GRACE_MILLIS = 60_000;']],
    noticedAs: ['deleted unjudged', 'compliant touched', 'false verdict'],
  },
  {
    name: 'no grace for what has no instruction file yet',
    file: EVIDENCE,
    replace: [['      return foundBeside(await instructionFileAt(', '      return found(await instructionFileAt(']],
    noticedAs: ['deleted unjudged', 'compliant touched', 'false verdict'],
  },
  {
    name: 'no grace for an instruction file whose object is not there yet',
    file: EVIDENCE,
    replace: [
      [
        "return foundBeside(together?.kind === 'envelope' ? together : own);",
        "return found(together?.kind === 'envelope' ? together : own);",
      ],
    ],
    noticedAs: ['false verdict'],
  },
  {
    name: 'an instruction file whose object is there is not seen to belong to it',
    file: EVIDENCE,
    replace: [["together?.kind === 'envelope' ? together : own", 'together ? own : own']],
    noticedAs: ['false verdict'],
  },
  {
    name: 'an instruction file without its object is moved',
    file: 'verdict.ts',
    replace: [["'instruction-file-without-object': { proven: false }", "'instruction-file-without-object': { proven: true }"]],
    noticedAs: ['deleted unjudged', 'compliant touched'],
  },
  {
    name: 'an instruction file need not say that it is one',
    file: FILE,
    replace: [['if (!own?.has(INSTRUCTION_FILE_MARKER)) return `', 'if (own === undefined) return `']],
    noticedAs: ['false verdict', 'not in one place'],
  },
  {
    name: 'an instruction file of anything',
    file: FILE,
    replace: [["return fault === undefined ? { kind: 'instruction-file', of }", "return fault !== '' ? { kind: 'instruction-file', of }"]],
    noticedAs: ['not in one place'],
  },
  {
    name: 'an object without its instruction file is only reported',
    file: 'verdict.ts',
    replace: [["'instruction-file-missing': { proven: true }", "'instruction-file-missing': { proven: false }"]],
    noticedAs: ['not in one place'],
  },
];
