import { encodeRule } from '../../lib/domain/bucket-rule';
import { clientSideRule, S3EC } from './client-side-world';
import type { RuleHistory } from './fault-ledger';
import type { Accepted } from './fault-uploads';
import { REQUIRE_KMS } from './lambda-enforcer-world';

const REMEMBERED_MILLIS = 60_000;

const TEXTS: Readonly<Record<Accepted, string>> = {
  kms: JSON.stringify(encodeRule(REQUIRE_KMS)),
  s3: JSON.stringify(encodeRule({ ...REQUIRE_KMS, declaration: { ...REQUIRE_KMS.declaration, accepted: [{ scheme: 'SSE-S3' }] } })),
  // Nobody writes instruction files here: what could be one is none, and what has none waits for it in vain.
  'client-side': JSON.stringify(encodeRule(clientSideRule({ formats: [S3EC], instructionFileSuffix: '.instruction' }))),
};

/** The rule of a bucket in SSM, how it changed, and what two execution environments remember of it. */
export class FaultRules {
  private readonly past: { accepted: Accepted; since: number }[];
  private readonly remembered: { text: string; at: number }[] = [];

  constructor(
    accepted: Accepted,
    private readonly now: () => number,
  ) {
    this.past = [{ accepted, since: 0 }];
  }

  get history(): RuleHistory {
    return this.past;
  }

  get accepted(): Accepted {
    return this.past.at(-1)?.accepted ?? 'kms';
  }

  change(): void {
    this.past.push({ accepted: this.accepted === 'kms' ? 's3' : 'kms', since: this.now() });
  }

  /** As Powertools reads a parameter; `ask` is the call, which may fail. */
  async read(environment: number, fresh: boolean, ask: (answer: () => Promise<string>) => Promise<string>): Promise<string> {
    const known = this.remembered[environment];
    if (!fresh && known !== undefined && this.now() - known.at < REMEMBERED_MILLIS) return known.text;
    const text = await ask(async () => TEXTS[this.accepted]);
    this.remembered[environment] = { text, at: this.now() };
    return text;
  }
}
