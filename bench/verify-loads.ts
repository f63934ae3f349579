import { join } from 'node:path';
import { encodeRule } from '../lib/domain/bucket-rule';
import { ENVIRONMENT } from '../lib/domain/contract';
import { serverSideRequirement } from '../lib/domain/requirement';
import type { Progress } from './benchmark';
import { runNode } from './node-process';
import { inTurns, Samples } from './samples';

export const VERIFY_APPS = join(__dirname, 'apps', 'verify');
export const BENCH_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/00000000-09fe-47dc-85ba-ab0987654321';
export const WARM_UP = 3_000;

/** The object that is there under every name. */
export interface StubOptions {
  /** Of its bucket. */
  readonly rule: string;
  readonly keyArn: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Whether its content is a message of the AWS Encryption SDK. */
  readonly isMessage?: boolean;
}

/** What looks at the objects: the handler, or as little as can. */
export type Load = 'handler' | 'sdk' | 'sdk-keeping' | 'signed' | 'unsigned';

/** One run, in a process of its own beside a stub of its own. */
export interface Measured {
  readonly objectsPerSecond: number;
  readonly cpuMillisPerObject: number;
  readonly peakMegabytes: number;
  /** With those that warmed up. */
  readonly objects: number;
  readonly asked: { readonly HeadObject: number; readonly GetObject: number; readonly GetParameter: number; readonly other: number };
}

const RULE = encodeRule({
  action: 'quarantine',
  declaration: { accepted: [serverSideRequirement('SSE-KMS', [BENCH_KEY])], headersRequired: false, prefixRules: [], exemptions: [] },
});

/** The function's on Lambda; a session token there is as long. */
export const LAMBDA_ENV = {
  ...Object.fromEntries(Object.values(ENVIRONMENT).map((name) => [name, 'bench'])),
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AWS_SESSION_TOKEN: 'x'.repeat(700),
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

export class VerifyLoads {
  private readonly sdk: string;

  /** @param folder - for the bundle of the bare loop */
  constructor(folder: string) {
    this.sdk = join(folder, 'sdk.cjs');
    runNode([join(VERIFY_APPS, 'bundle-sdk.mjs'), this.sdk]);
  }

  /** Each load in turn. */
  inTurns<Name extends Load>(turns: number, loads: readonly Name[], atOnce: number, objects: number, progress: Progress) {
    const runs = Object.fromEntries(loads.map((load) => [load, [] as Measured[]])) as Record<Name, Measured[]>;
    const measure = (load: Name) => () => {
      const measured = this.run(load, atOnce, objects);
      runs[load].push(measured);
      return measured.objectsPerSecond;
    };
    const measures = Object.fromEntries(loads.map((load) => [load, measure(load)])) as Record<Name, () => number>;
    inTurns(turns, measures, `handler, ${atOnce} at once`, progress);
    return (load: Name, what: (measured: Measured) => number) => new Samples(runs[load].map(what));
  }

  /** The handler alone, by another rule, on objects like this one. */
  verifying(stub: Omit<StubOptions, 'keyArn'>, atOnce: number, objects: number): Measured {
    return this.run('handler', atOnce, objects, stub);
  }

  private run(load: Load, atOnce: number, objects: number, stub: Omit<StubOptions, 'keyArn'> = { rule: JSON.stringify(RULE) }): Measured {
    const modules: Record<Load, string> = {
      handler: join(VERIFY_APPS, 'handler.cjs'),
      sdk: this.sdk,
      'sdk-keeping': this.sdk,
      signed: join(VERIFY_APPS, 'http.cjs'),
      unsigned: join(VERIFY_APPS, 'http.cjs'),
    };
    const options = {
      stub: { ...stub, keyArn: BENCH_KEY } satisfies StubOptions,
      load: { module: modules[load], atOnce, warmUp: WARM_UP, objects },
      env: { ...LAMBDA_ENV, SIGNED: String(load === 'signed'), CACHE_MIDDLEWARE: String(load === 'sdk-keeping') },
    };
    const { stdout } = runNode([join(VERIFY_APPS, 'against-stub.cjs'), JSON.stringify(options)]);
    return JSON.parse(stdout);
  }
}
