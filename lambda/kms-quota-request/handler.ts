import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { CONNECTION } from '../shared/connection';
import { answerTo, sendAnswer } from './custom-resource';
import { KmsServiceQuotas } from './service-quotas';

const service = new KmsServiceQuotas(new ServiceQuotasClient({ requestHandler: CONNECTION }));

/** Wiring only. */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  const answer = await answerTo(event, service);
  // Without the URL, which is a credential.
  const { Status: status, Reason: reason, Data: data } = answer;
  console.log(JSON.stringify({ message: 'KMS request quota', requestType: event.RequestType, status, reason, data }));
  await sendAnswer(event.ResponseURL, answer);
}
