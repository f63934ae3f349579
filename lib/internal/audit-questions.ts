import { RemovalPolicy, type Size, Stack } from 'aws-cdk-lib';
import * as athena from 'aws-cdk-lib/aws-athena';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { insightsQueries } from '../domain/audit-insights-queries';
import { LOG_COLUMNS, LOG_FORMAT, LOG_PARTITIONS, LOG_TABLE, logLocation, partitionProjection } from '../domain/audit-log-table';
import { athenaQueries } from '../domain/audit-queries';
import { createResultsBucket, type OwnBucketProps } from './audit-bucket';
import { partitionOf } from './principal-arn';
import { fixedName } from './unique-name';

export interface AthenaQuestionsProps extends OwnBucketProps {
  readonly auditBucket: s3.IBucket;
  readonly accounts: readonly string[];
  readonly regions?: readonly string[] | undefined;
  readonly scanLimit: Size;
  readonly keyArns: readonly string[];
}

export interface AthenaQuestions {
  readonly queries: athena.CfnNamedQuery[];
  readonly resultsBucket: s3.Bucket;
  readonly workGroupName: string;
  readonly databaseName: string;
}

/** A table over the log files, and the questions saved in a workgroup that decides where answers go, and how they are encrypted. */
export function athenaQuestions(scope: Construct, props: AthenaQuestionsProps): AthenaQuestions {
  const resultsBucket = createResultsBucket(scope, props);
  const database = logDatabase(scope, props);
  const workGroup = new athena.CfnWorkGroup(scope, 'WorkGroup', {
    name: fixedName(scope, 128),
    description: 'Questions about the use of KMS keys',
    // Its history of queries must not keep the stack from being deleted.
    recursiveDeleteOption: true,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      publishCloudWatchMetricsEnabled: true,
      bytesScannedCutoffPerQuery: props.scanLimit.toBytes(),
      engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
      resultConfiguration: {
        outputLocation: `s3://${resultsBucket.bucketName}/`,
        encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: props.key.keyArn },
      },
    },
  });
  const queries = athenaQueries(props.keyArns).map(
    ({ name, description, text }) =>
      new athena.CfnNamedQuery(scope, `Query-${name}`, {
        name,
        description,
        queryString: text,
        database: database.ref,
        workGroup: workGroup.ref,
      }),
  );
  return { queries, resultsBucket, workGroupName: workGroup.ref, databaseName: database.ref };
}

export function insightsQuestions(scope: Construct, logGroup: logs.ILogGroup): logs.CfnQueryDefinition[] {
  // Folders in the console.
  const folder = fixedName(scope, 128);
  return insightsQueries().map(
    ({ name, text }) =>
      new logs.CfnQueryDefinition(scope, `Insights-${name}`, {
        name: `${folder}/${name}`,
        queryString: text,
        logGroupNames: [logGroup.logGroupName],
      }),
  );
}

/** Only a description of the files: it goes with the stack. */
function logDatabase(scope: Construct, props: AthenaQuestionsProps): glue.CfnDatabase {
  const catalogId = Stack.of(scope).account;
  const name = fixedName(scope, 128).toLowerCase().replaceAll('-', '_');
  const description = 'CloudTrail log files of an audit of key use';
  const database = new glue.CfnDatabase(scope, 'Database', { catalogId, databaseInput: { name, description } });
  const { bucketName } = props.auditBucket;
  const table = new glue.CfnTable(scope, 'Table', {
    catalogId,
    databaseName: database.ref,
    tableInput: {
      name: LOG_TABLE,
      tableType: 'EXTERNAL_TABLE',
      partitionKeys: [...LOG_PARTITIONS],
      parameters: partitionProjection({
        bucketName,
        accounts: props.accounts,
        regions: props.regions ?? knownRegions(scope),
        days: props.retention.toDays(),
      }),
      storageDescriptor: {
        location: logLocation(bucketName),
        columns: [...LOG_COLUMNS],
        inputFormat: LOG_FORMAT.inputFormat,
        outputFormat: LOG_FORMAT.outputFormat,
        serdeInfo: { serializationLibrary: LOG_FORMAT.serde },
      },
    },
  });
  for (const resource of [database, table]) resource.applyRemovalPolicy(RemovalPolicy.DESTROY);
  return database;
}

/** All there are, where the partition is not known. */
function knownRegions(scope: Construct): string[] {
  const partition = partitionOf(scope);
  return RegionInfo.regions
    .filter((region) => partition === undefined || region.partition === partition)
    .map(({ name }) => name)
    .sort();
}
