import type { CfnResource } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { notificationsOf, ownerOf } from './cfn-bucket';
import { faultMessage } from './require-valid';
import { templateProperties } from './template-properties';

/**
 * Makes S3 send the bucket's events to EventBridge, by the native property. The L2's `eventBridgeEnabled: true` would
 * bring a custom resource with a function of its own.
 */
export function sendEventsToEventBridge(bucket: s3.CfnBucket): void {
  // Both at once would overwrite each other, so where the L2's custom resource does it, it keeps doing it.
  if (customResourceOf(bucket)?.eventBridge !== true) {
    bucket.addPropertyOverride('NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled', true);
  }
  bucket.node.addValidation({ validate: () => notificationFaults(bucket) });
}

function notificationFaults(bucket: s3.CfnBucket): string[] {
  const customResource = customResourceOf(bucket);
  if (customResource === undefined) return isOn(bucket) ? [] : [faultMessage(ownerOf(bucket) ?? bucket, SWITCHED_OFF)];
  if (customResource.eventBridge) return [];
  return [
    faultMessage(ownerOf(bucket) ?? bucket, {
      what: 'the bucket is verified through EventBridge and also has addEventNotification(), whose custom resource replaces the notification configuration and switches EventBridge off',
      value: 'addEventNotification() without EventBridge',
      remedy: 'Call bucket.enableEventBridgeNotification() as well, or replace the notification by an EventBridge rule.',
    }),
  ];
}

const SWITCHED_OFF = {
  what: 'the bucket is verified through EventBridge, and an override on its resource switches EventBridge off',
  value: 'NotificationConfiguration, overridden',
  remedy: 'Override no more than the part of NotificationConfiguration that you mean, and leave EventBridgeConfiguration out.',
};

function isOn(bucket: s3.CfnBucket): boolean {
  const { NotificationConfiguration: { EventBridgeConfiguration } = {} } = templateProperties(bucket) as {
    NotificationConfiguration?: { EventBridgeConfiguration?: { EventBridgeEnabled?: unknown } };
  };
  return EventBridgeConfiguration?.EventBridgeEnabled === true;
}

/** What the L2's custom resource will write, if the bucket has one. */
function customResourceOf(bucket: s3.CfnBucket): { eventBridge: boolean } | undefined {
  const resource = notificationsOf(bucket)?.node.tryFindChild('Resource') as CfnResource | undefined;
  if (resource === undefined) return undefined;
  return { eventBridge: JSON.stringify(templateProperties(resource)).includes('"EventBridgeConfiguration"') };
}
