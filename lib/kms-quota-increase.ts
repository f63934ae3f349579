import { CustomResource, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { SYMMETRIC_QUOTA } from './domain/quota-increase';
import { bundledFunction } from './internal/bundled-function';
import { requireValid } from './internal/require-valid';

/** Properties of a `KmsQuotaIncrease`. */
export interface KmsQuotaIncreaseProps {
  /** The quota that the account needs in this Region, requests a second: a whole number of 1 or more. */
  readonly requestsPerSecond: number;

  /**
   * What happens to the log group of the function when the stack is deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Four short calls. */
const TIMEOUT = Duration.minutes(1);

/**
 * Asks AWS for a higher request quota of symmetric cryptographic operations, in the account and Region of its stack.
 *
 * It only asks: AWS grants it, later, or not. Deploying again asks for nothing that the account has, or has asked for already, and neither of
 * these fails the deployment. Deleting it asks for nothing, and the quota stays. It brings a function and a custom resource, so make it in a
 * stack of its own; without it, ask in the console: docs/kms-quota.md.
 *
 * The deployment fails where Service Quotas refuses, or does not know KMS in this Region; AWS Support takes the request there
 * (https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html).
 */
export class KmsQuotaIncrease extends Construct {
  /**
   * What came of it, known at deployment: `asked`, `enough-already`, `asked-already`, or `another-request-is-open`, where AWS has
   * not yet answered an earlier request for less, and takes no other until then.
   */
  public readonly outcome: string;

  /** @throws Error for a quota that is not a whole number of 1 or more */
  public constructor(scope: Construct, id: string, props: KmsQuotaIncreaseProps) {
    super(scope, id);
    const { requestsPerSecond } = props;
    requireValid(this, Token.isUnresolved(requestsPerSecond) || (Number.isSafeInteger(requestsPerSecond) && requestsPerSecond >= 1), {
      what: 'requestsPerSecond must be a whole number, 1 or more',
      value: Number.isFinite(requestsPerSecond) ? requestsPerSecond : String(requestsPerSecond),
      remedy: 'Give the quota that you need; docs/kms-quota.md says how to forecast it.',
    });
    // It waits for its role's permissions, which the CDK sees to, and the custom resource waits for it.
    const { handler } = bundledFunction(this, {
      bundle: 'kms-quota-request',
      description: 'Asks Service Quotas for a higher request quota of KMS',
      timeout: TIMEOUT,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
      statements: this.statements(),
    });
    const request = new CustomResource(this, 'Request', {
      resourceType: 'Custom::KmsQuotaIncrease',
      serviceToken: handler.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: { RequestsPerSecond: requestsPerSecond },
    });
    this.outcome = request.getAttString('Outcome');
  }

  private statements(): iam.PolicyStatement[] {
    const stack = Stack.of(this);
    return [
      new iam.PolicyStatement({
        sid: 'AskForThisQuota',
        actions: [
          'servicequotas:GetServiceQuota',
          'servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota',
          'servicequotas:RequestServiceQuotaIncrease',
        ],
        resources: [
          stack.formatArn({ service: 'servicequotas', resource: SYMMETRIC_QUOTA.serviceCode, resourceName: SYMMETRIC_QUOTA.quotaCode }),
        ],
      }),
      // An account that never had it raised has no value of its own, but AWS's default. IAM knows no resource for this action:
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_servicequotas.html
      new iam.PolicyStatement({ sid: 'ReadDefaults', actions: ['servicequotas:GetAWSDefaultServiceQuota'], resources: ['*'] }),
      // The first request of an account makes the role with which Service Quotas opens support cases:
      // https://docs.aws.amazon.com/servicequotas/latest/userguide/using-service-linked-roles.html
      new iam.PolicyStatement({
        sid: 'LetServiceQuotasOpenCases',
        actions: ['iam:CreateServiceLinkedRole'],
        resources: [
          stack.formatArn({
            service: 'iam',
            region: '',
            resource: 'role',
            resourceName: 'aws-service-role/servicequotas.amazonaws.com/AWSServiceRoleForServiceQuotas',
          }),
        ],
        conditions: { StringEquals: { 'iam:AWSServiceName': 'servicequotas.amazonaws.com' } },
      }),
    ];
  }
}
