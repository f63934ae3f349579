/** The reviewed part of the public API that watches: see public-api.test.ts. */
export const MONITORING_API = {
  'class EncryptionCanary extends Construct': [
    'enforcer: EncryptionEnforcer',
    'bucket: s3.IBucket',
    'handler: lambda.IFunction',
    'logGroup: logs.ILogGroup',
    'alarms: cloudwatch.Alarm[]',
    'constructor(scope: Construct, id: string, props: EncryptionCanaryProps)',
  ],
  'class EncryptionDigest extends Construct': [
    'handler: lambda.IFunction',
    'logGroup: logs.ILogGroup',
    'alarms: cloudwatch.Alarm[]',
    'constructor(scope: Construct, id: string, props: EncryptionDigestProps)',
  ],
  'class EncryptionMonitoring extends Construct': [
    'dashboard: cloudwatch.Dashboard',
    'alarms: cloudwatch.IAlarm[]',
    'alertTopic: AlertTopic',
    'compositeAlarm?: cloudwatch.CompositeAlarm',
    'constructor(scope: Construct, id: string, props: EncryptionMonitoringProps)',
  ],
  'interface EncryptionCanaryProps': [
    'enforcer: EncryptionEnforcer',
    'interval?: Duration',
    'patience?: Duration',
    'removalPolicy?: RemovalPolicy',
  ],
  'interface EncryptionDigestProps': [
    'enforcers: EncryptionEnforcer[]',
    'alertTopic: AlertTopic',
    'canaries?: EncryptionCanary[]',
    'dashboardName?: string',
    'removalPolicy?: RemovalPolicy',
  ],
  'interface EncryptionMonitoringProps': [
    'enforcers: EncryptionEnforcer[]',
    'canaries?: EncryptionCanary[]',
    'quotaMonitors?: KmsQuotaMonitor[]',
    'tamperAlerts?: TamperAlerts[]',
    'alertTopic?: AlertTopic',
    'alarms?: cloudwatch.IAlarm[]',
    'additionalWidgets?: cloudwatch.IWidget[]',
    'dashboardName?: string',
    'compositeAlarm?: boolean',
  ],
} as const;
