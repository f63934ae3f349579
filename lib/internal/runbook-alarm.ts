import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

const RUNBOOK = 'https://github.com/cdk-s3-encryption-guard/cdk-s3-encryption-guard/blob/main/docs/operator-runbook.md';

/** @param section - heading in docs/operator-runbook.md, as its anchor */
export function runbookLink(section: string): string {
  return `${RUNBOOK}#${section}`;
}

export interface RunbookAlarmProps {
  readonly metric: cloudwatch.IMetric;
  /** Alarms at this value or above. */
  readonly threshold: number;
  /** What happened, in one sentence. */
  readonly meaning: string;
  /** Heading of the section in docs/operator-runbook.md, as its anchor. */
  readonly section: string;
}

/** An alarm that tells its reader where to go on. */
export function runbookAlarm(scope: Construct, id: string, props: RunbookAlarmProps): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, id, {
    metric: props.metric,
    threshold: props.threshold,
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    // None of these metrics has data points while nothing happens, and nothing happening is fine.
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: `${props.meaning} What to do: ${runbookLink(props.section)}`,
  });
}
