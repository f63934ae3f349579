import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { alertText } from '../domain/alert-text';
import type { TamperGroup } from '../domain/tamper-events';
import { GrowingRules } from './growing-rules';
import { runbookLink } from './runbook-alarm';

export interface TamperRulesProps {
  readonly ruleNamePrefix: string;
  /** ARNs of the roles whose calls are not told. */
  readonly spared: readonly string[];
  readonly topic: sns.ITopic;
  readonly deadLetterQueue: sqs.IQueue;
  /** Called for each rule. */
  readonly onRule: (ruleName: string) => void;
}

/** The rules of `TamperAlerts`: some for each group of things, made when the first of them becomes known. */
export class TamperRules {
  private readonly ofGroups = new Map<string, GrowingRules>();

  constructor(
    private readonly scope: Construct,
    private readonly props: TamperRulesProps,
  ) {}

  /** @param length - characters that the thing can have at most, where more is known of it */
  watch(group: TamperGroup, thing: string, length?: number): void {
    this.of(group).add(thing, length);
  }

  /** Whatever the thing is. */
  watchAll(group: TamperGroup): void {
    this.of(group).addRule();
  }

  private of(group: TamperGroup): GrowingRules {
    const rules = this.ofGroups.get(group.name) ?? this.rulesOn(group);
    this.ofGroups.set(group.name, rules);
    return rules;
  }

  private rulesOn(group: TamperGroup): GrowingRules {
    const { ruleNamePrefix, spared, topic, deadLetterQueue, onRule } = this.props;
    return new GrowingRules(this.scope, group.name, {
      ruleName: `${ruleNamePrefix}${group.name}`,
      description: `${group.title}: tells people`,
      pattern: group.pattern,
      spared,
      longest: group.longestThing,
      target: {
        arn: topic.topicArn,
        deadLetterConfig: { arn: deadLetterQueue.queueArn },
        inputTransformer: { ...alertText(group, runbookLink(group.section)) },
      },
      onRule,
    });
  }
}
