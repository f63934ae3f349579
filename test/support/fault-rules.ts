import type { Action } from '../../lib/domain/action';
import { encodeRule } from '../../lib/domain/bucket-rule';
import { declare } from '../domain/sample-declarations';
import { clientSideRule, S3EC } from './client-side-world';
import { type Accepted, FOREIGN_KEY, SUFFIX } from './fault-kinds';
import { type FaultRule, REMEMBERED_MILLIS, type RuleHistory } from './fault-oracle';
import type { Random } from './fault-random';
import { OTHER_KEY, REQUIRED_KEY } from './lambda-enforcer-world';

const DECLARATIONS = {
  kms: declare([{ scheme: 'SSE-KMS', keyArns: [REQUIRED_KEY] }]),
  'other-key': declare([{ scheme: 'SSE-KMS', keyArns: [OTHER_KEY] }]),
  'foreign-key': declare([{ scheme: 'SSE-KMS', keyArns: [FOREIGN_KEY] }]),
  dsse: declare([{ scheme: 'DSSE-KMS', keyArns: [REQUIRED_KEY] }]),
  s3: declare([{ scheme: 'SSE-S3' }]),
  // V2 has no key commitment.
  'client-side': clientSideRule({ formats: [S3EC], instructionFileSuffix: SUFFIX, keyCommitment: false }).declaration,
} as const;

interface Next {
  readonly accepted: readonly [Accepted, ...Accepted[]];
  readonly action: readonly [Action, ...Action[]];
}

/** What somebody changes his mind to. */
const NEXT: Readonly<Record<'usual' | 'mended' | 'client-side', Next>> = {
  usual: { accepted: ['kms', 's3'], action: ['quarantine', 'quarantine', 'quarantine', 'reencrypt', 'tag', 'report'] },
  mended: {
    accepted: ['kms', 's3', 'other-key', 'foreign-key', 'dsse'],
    action: ['reencrypt', 'reencrypt', 'quarantine', 'tag', 'report'],
  },
  'client-side': { accepted: ['client-side'], action: ['quarantine', 'reencrypt', 'tag', 'report'] },
};

/** The rule of a bucket in SSM, how it changed, and what two execution environments remember of it. */
export class FaultRules {
  private readonly past: (FaultRule & { since: number })[];
  longestAnswerMillis = 0;
  private readonly remembered: { text: string; at: number }[] = [];

  constructor(
    first: FaultRule,
    private readonly now: () => number,
    private readonly trace: (text: () => string) => void,
  ) {
    this.past = [{ ...first, since: 0 }];
  }

  get history(): RuleHistory {
    return this.past;
  }

  get current(): FaultRule {
    return this.past.at(-1) as FaultRule;
  }

  /** The requirement, the action, or both. */
  change(random: Random): void {
    const { accepted, action } = this.current;
    const next = NEXT[accepted === 'client-side' ? accepted : this.past[0]?.action === 'reencrypt' ? 'mended' : 'usual'];
    const what = accepted === 'client-side' ? 'action' : random.pick(['requirement', 'requirement', 'action', 'both']);
    const [other = accepted, ...others] = next.accepted.filter((each) => each !== accepted);
    this.past.push({
      accepted: what === 'action' ? accepted : random.pick([other, ...others]),
      action: what === 'requirement' ? action : random.pick(next.action),
      since: this.now(),
    });
    this.trace(() => `rule: ${JSON.stringify(this.current)}`);
  }

  /** As Powertools reads a parameter; `ask` is the call, which may fail. */
  async read(environment: number, fresh: boolean, ask: (answer: () => Promise<string>) => Promise<string>): Promise<string> {
    const known = this.remembered[environment];
    if (!fresh && known !== undefined && this.now() - known.at < REMEMBERED_MILLIS) return known.text;
    const askedAt = this.now();
    const text = await ask(async () => textOf(this.current));
    this.remembered[environment] = { text, at: this.now() };
    this.longestAnswerMillis = Math.max(this.longestAnswerMillis, this.now() - askedAt);
    return text;
  }
}

const texts = new Map<string, string>();

function textOf({ accepted, action }: FaultRule): string {
  const name = `${accepted} ${action}`;
  const text = texts.get(name) ?? JSON.stringify(encodeRule({ declaration: DECLARATIONS[accepted], action }));
  texts.set(name, text);
  return text;
}
