import { CfnOutput, CrossStackReferences, Duration, ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { CrossAccountKey } from '../../lib';
import type { KeysConfig, SharedKeyConfig } from '../config/guard-config';

/** Whom a key is for. */
export interface KeyConsumers {
  readonly accounts: readonly string[];
  readonly bucketArns: readonly string[];
}

export interface KeyStackProps extends StackProps {
  readonly config: KeysConfig;
  /** By the ids of the keys. */
  readonly consumers: ReadonlyMap<string, KeyConsumers>;
}

/** The key account: keys that buckets of other stacks are encrypted under, each for these buckets and nothing else. */
export class KeyStack extends Stack {
  /** By the ids of the configuration. */
  readonly keys = new Map<string, CrossAccountKey>();

  constructor(scope: Construct, id: string, { config, consumers, ...props }: KeyStackProps) {
    super(scope, id, props);
    const [keys, outputs] = [new Construct(this, 'Keys'), new Construct(this, 'KeyOutputs')];
    for (const key of config.keys) {
      const owner = createSharedKey(keys, key, consumers.get(key.id) ?? { accounts: [], bucketArns: [] });
      // A stack that uses a key keeps it. And ids of keys are cut out of their ARNs, which Fn::Split does from no weak reference:
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-split.html
      CrossStackReferences.of(owner.node.findChild('Resource')).produce(ReferenceStrength.STRONG);
      this.keys.set(key.id, owner);
      new CfnOutput(outputs, key.id, { value: owner.keyArn }).overrideLogicalId(keyOutput(key.id));
    }
  }
}

/** What the configuration of the consumers has to be told. */
export function keyOutput(id: string): string {
  return `KeyArn${id}`;
}

function createSharedKey(scope: Construct, key: SharedKeyConfig, { accounts, bucketArns }: KeyConsumers): CrossAccountKey {
  return new CrossAccountKey(scope, key.id, {
    bucketArns: [...bucketArns],
    consumerAccounts: [...accounts],
    description: `Objects in ${bucketArns.length} buckets of ${accounts.join(', ')}`,
    alias: key.alias,
    rotationPeriod: key.rotationDays === undefined ? undefined : Duration.days(key.rotationDays),
    multiRegion: key.multiRegion,
    primaryKeyArn: key.primaryKeyArn,
    keyAdministrators: key.administrators && [...key.administrators],
    trailingDaysWithoutKeyUsage: key.trailingDaysWithoutKeyUsage,
  });
}
