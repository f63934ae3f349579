// Data points of metrics that AWS has and a local engine has not: calculated from what was recorded, and marked as such in the picture.

/** As if so many more objects had been written under its key: of what two minutes on one machine ask of KMS, nothing would be seen. */
const TIMES = 1000;
const BUCKET = '${RecordsBucket';
/** What demo/dashboard/record.ts did to the function of the enforcer: both event sources off, and on again. */
const CALLS = { rule: '-functions', at: [50.1, 50.3, 65.1, 65.3] };

const KMS_USAGE = { Service: 'KMS', Type: 'API', Resource: 'CryptographicOperationsSymmetric', Class: 'None' };

/** @param widgets - tell how the metrics are called: names of rules, ARNs of keys */
export function madeUp(widgets, { measurements }) {
  const rows = widgets.flatMap(({ properties: { metrics = [] } }) => metrics);
  const writes = measurements
    .filter(({ metric, dimensions }) => metric === 'VerificationAge' && dimensions.Bucket?.startsWith(BUCKET))
    .flatMap(({ points }) => points.map(([at, milliseconds]) => [Math.max(0, at - milliseconds / 1000), TIMES]));
  const rules = rows.filter(([, metric, , rule]) => metric === 'TriggeredRules' && rule.endsWith(CALLS.rule));
  const keys = rows.filter(([, metric, , , , operation]) => metric === 'SuccessfulRequest' && operation === 'GenerateDataKey');
  return [
    { namespace: 'AWS/Usage', metric: 'CallCount', dimensions: KMS_USAGE, points: writes },
    ...keys.map(([namespace, metric, , KeyArn, , Operation]) => ({
      namespace,
      metric,
      dimensions: { KeyArn, Operation },
      points: writes,
    })),
    ...rules.map(([namespace, metric, , RuleName]) => ({
      namespace,
      metric,
      dimensions: { RuleName },
      points: CALLS.at.map((at) => [at, 1]),
    })),
  ];
}

export const MADE_UP_NOTE = `Tampering and KMS are calculated, since the engine measures neither: what the rules would hear of the recording itself; and one request for each of its writes, ${TIMES} times as many.`;
