/** A column of CloudTrail's log files, with its type as Hive writes it. */
export interface LogColumn {
  readonly name: string;
  readonly type: string;
}

const struct = (fields: Readonly<Record<string, string>>) =>
  `struct<${Object.entries(fields)
    .map(([name, type]) => `${name}:${type}`)
    .join(',')}>`;

const strings = (...names: string[]) => struct(Object.fromEntries(names.map((name) => [name, 'string'])));

const SESSION_CONTEXT = struct({
  attributes: strings('mfaauthenticated', 'creationdate'),
  sessionissuer: strings('type', 'principalid', 'arn', 'accountid', 'username'),
  ec2roledelivery: 'string',
  webidfederationdata: struct({ federatedprovider: 'string', attributes: 'map<string,string>' }),
});

const USER_IDENTITY = struct({
  type: 'string',
  principalid: 'string',
  arn: 'string',
  accountid: 'string',
  invokedby: 'string',
  accesskeyid: 'string',
  username: 'string',
  onbehalfof: strings('userid', 'identitystorearn'),
  sessioncontext: SESSION_CONTEXT,
});

const text = (...names: string[]): LogColumn[] => names.map((name) => ({ name, type: 'string' }));

/**
 * As AWS documents the table, but for columns that no question asks for. What differs from event to event is JSON in a text.
 * https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
 */
export const LOG_COLUMNS: readonly LogColumn[] = [
  ...text('eventversion'),
  { name: 'useridentity', type: USER_IDENTITY },
  ...text('eventtime', 'eventsource', 'eventname', 'awsregion', 'sourceipaddress', 'useragent', 'errorcode', 'errormessage'),
  ...text('requestparameters', 'responseelements', 'additionaleventdata', 'requestid', 'eventid', 'readonly'),
  { name: 'resources', type: `array<${strings('arn', 'accountid', 'type')}>` },
  ...text('eventtype', 'recipientaccountid', 'serviceeventdetails', 'sharedeventid', 'vpcendpointid', 'eventcategory'),
  { name: 'tlsdetails', type: strings('tlsversion', 'ciphersuite', 'clientprovidedhostheader') },
];

/** Folders of the files: `AWSLogs/<account>/CloudTrail/<Region>/<yyyy>/<MM>/<dd>`. */
export const LOG_PARTITIONS: readonly LogColumn[] = text('account', 'region', 'day');

export const LOG_TABLE = 'cloudtrail_logs';

/** How Athena reads CloudTrail's files, which are one JSON document with a list of records each. */
export const LOG_FORMAT = {
  inputFormat: 'com.amazon.emr.cloudtrail.CloudTrailInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  serde: 'org.apache.hive.hcatalog.data.JsonSerDe',
} as const;

/** Which files there may be. */
export interface LogExtent {
  readonly bucketName: string;
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  /** How long files are kept. */
  readonly days: number;
}

export const logLocation = (bucketName: string) => `s3://${bucketName}/AWSLogs/`;

/**
 * Athena works out the folders instead of listing them, or being told of each new day.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 */
export function partitionProjection({ bucketName, accounts, regions, days }: LogExtent): Readonly<Record<string, string>> {
  return {
    'projection.enabled': 'true',
    'projection.account.type': 'enum',
    'projection.account.values': accounts.join(','),
    'projection.region.type': 'enum',
    'projection.region.values': regions.join(','),
    'projection.day.type': 'date',
    'projection.day.format': 'yyyy/MM/dd',
    'projection.day.interval': '1',
    'projection.day.interval.unit': 'DAYS',
    'projection.day.range': `NOW-${days}DAYS,NOW`,
    // Athena fills these in, not CloudFormation.
    'storage.location.template': `${logLocation(bucketName)}\${account}/CloudTrail/\${region}/\${day}`,
  };
}
