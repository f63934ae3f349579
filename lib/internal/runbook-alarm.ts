import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

export const RUNBOOK = 'https://github.com/cdk-s3-encryption-guard/cdk-s3-encryption-guard/blob/main/docs/operator-runbook.md';

/** @param section - heading in docs/operator-runbook.md, as its anchor */
export function runbookLink(section: string): string {
  return `${RUNBOOK}#${section}`;
}

export interface RunbookAlarmProps {
  readonly metric: cloudwatch.IMetric;
  /** Alarms at this value or above, unless `comparisonOperator` says otherwise. */
  readonly threshold: number;
  /** What happened, in one sentence. */
  readonly meaning: string;
  /** Heading of the section in docs/operator-runbook.md, as its anchor. */
  readonly section: string;
  readonly comparisonOperator?: cloudwatch.ComparisonOperator;
  /** Periods in a row that must be so; one, if not said. */
  readonly evaluationPeriods?: number;
  /** What no data points mean; that nothing happens, and all is well, if not said. */
  readonly treatMissingData?: cloudwatch.TreatMissingData;
}

/** An alarm that tells its reader where to go on. */
export function runbookAlarm(scope: Construct, id: string, props: RunbookAlarmProps): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, id, {
    metric: props.metric,
    threshold: props.threshold,
    evaluationPeriods: props.evaluationPeriods ?? 1,
    comparisonOperator: props.comparisonOperator ?? cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    // As a rule a metric has no data points while nothing happens, and nothing happening is fine.
    treatMissingData: props.treatMissingData ?? cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: runbookText(props),
  });
}

/** The description of an alarm. */
export function runbookText({ meaning, section }: Pick<RunbookAlarmProps, 'meaning' | 'section'>): string {
  return `${meaning} What to do: ${runbookLink(section)}`;
}
