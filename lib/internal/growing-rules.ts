import { Lazy, Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { type EventPatternJson, MAX_PATTERN_CHARACTERS } from '../domain/event-pattern';
import { roleArnLength } from './longest-name';
import { requireValid } from './require-valid';

export interface GrowingRulesProps {
  /** The rules are named `<ruleName>`, `<ruleName>-2`, … */
  readonly ruleName: string;
  readonly description: string;
  /** Matches events about these things, but not calls by these roles. */
  readonly pattern: (things: readonly string[], spared: readonly string[]) => EventPatternJson;
  /** ARNs of the roles whose calls are not told. */
  readonly spared?: readonly string[];
  /** Characters that a thing can have at most; counted for what only the deployment knows. */
  readonly longest: number;
  readonly target: Omit<events.CfnRule.TargetProperty, 'id'>;
  /** Called for each rule. */
  readonly onRule?: (ruleName: string) => void;
}

/**
 * Rules about things that become known one by one: as many things in one pattern as EventBridge takes, then another rule. Not `events.Rule`,
 * which merges patterns in its own way, and adds to the policy of its target for each rule.
 */
export class GrowingRules extends Construct {
  /** With the characters that each counts as. */
  private readonly things = new Map<string, number>();
  /** Of the rule that is filled now. */
  private open: string[] = [];
  private rules = 0;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: GrowingRulesProps,
  ) {
    super(scope, id);
  }

  /** @param length - characters that the thing can have at most, where more is known of it */
  add(thing: string, length = this.props.longest): void {
    if (this.things.has(thing)) return;
    this.things.set(thing, Token.isUnresolved(thing) ? length : thing.length);
    const isFull = this.sizeWith([...this.open, thing]) > MAX_PATTERN_CHARACTERS;
    if (this.rules === 0 || isFull) this.addRule([thing]);
    else this.open.push(thing);
  }

  /** A rule that needs none to be about something. */
  addRule(things: string[] = []): void {
    requireValid(this, this.sizeWith(things) <= MAX_PATTERN_CHARACTERS, {
      what: `the pattern of a rule would have more than the ${MAX_PATTERN_CHARACTERS} characters that EventBridge takes`,
      value: this.sizeWith(things),
      remedy: 'Name fewer roles, or shorter ones, in deployingRoles.',
    });
    this.open = things;
    this.rules += 1;
    const { ruleName, description, pattern, spared = [], target, onRule } = this.props;
    const suffix = this.rules === 1 ? '' : `-${this.rules}`;
    const name = ruleName + suffix;
    new events.CfnRule(this, `Rule${suffix}`, {
      name,
      description,
      state: 'ENABLED',
      eventPattern: Lazy.any({ produce: () => pattern(things, spared) }),
      targets: [{ id: 'Target', ...target }],
    });
    onRule?.(name);
  }

  private sizeWith(things: readonly string[]): number {
    const { pattern, spared = [] } = this.props;
    const pad = (length: number) => 'x'.repeat(length);
    return JSON.stringify(
      pattern(
        things.map((thing) => pad(this.things.get(thing) ?? 0)),
        spared.map((arn) => pad(roleArnLength(arn))),
      ),
    ).length;
  }
}
