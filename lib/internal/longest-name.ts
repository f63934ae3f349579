import { CfnElement, type IResource, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { CfnAlarm, CfnCompositeAlarm, type IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnTopic, type ITopic } from 'aws-cdk-lib/aws-sns';

/** What only the deployment knows, counted as the longest that it can be. */

/** Most that a stack name has: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
const LONGEST_STACK_NAME = 128;
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const LONGEST_ALARM_NAME = 255;
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const LONGEST_ROLE_NAME = 64;
const LONGEST_ROLE_PATH = 512;
/** https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
const LONGEST_TOPIC_NAME = 256;
const BEFORE_TOPIC = 'arn:aws-us-gov:sns:ap-southeast-99:111122223333:'.length;
const BEFORE_PATH = 'arn:aws-us-gov:iam::111122223333:role'.length;

/** Characters of a name that CloudFormation generates: stack, logical id, and 13 random ones at most, with hyphens between. */
export function generatedNameLength(resource: IResource, most: number): number {
  const child = resource.node.defaultChild;
  if (!CfnElement.isCfnElement(child)) return most;
  const stack = Stack.of(resource);
  const { stackName } = stack;
  const length = (Token.isUnresolved(stackName) ? LONGEST_STACK_NAME : stackName.length) + stack.getLogicalId(child).length + 15;
  return Math.min(most, length);
}

/** Characters of the name of an alarm: as given, else as CloudFormation will generate it. */
export function alarmNameLength(alarm: IAlarm): number {
  const child = alarm.node.defaultChild;
  const isMade = CfnAlarm.isCfnAlarm(child) || CfnCompositeAlarm.isCfnCompositeAlarm(child);
  // The CDK passes a token for "no name".
  const given: unknown = isMade ? Stack.of(alarm).resolve(child.alarmName) : alarm.alarmName;
  if (given === undefined) return generatedNameLength(alarm, LONGEST_ALARM_NAME);
  return typeof given === 'string' && !Token.isUnresolved(given) ? given.length : LONGEST_ALARM_NAME;
}

/** Characters of the ARN of a topic: with its name as given, else as CloudFormation will generate it. */
export function topicArnLength(topic: ITopic): number {
  const child = topic.node.defaultChild;
  // The CDK passes a token for "no name".
  const given: unknown = CfnTopic.isCfnTopic(child) ? Stack.of(topic).resolve(child.topicName) : topic.topicName;
  if (given === undefined) return BEFORE_TOPIC + generatedNameLength(topic, LONGEST_TOPIC_NAME);
  return BEFORE_TOPIC + (typeof given === 'string' && !Token.isUnresolved(given) ? given.length : LONGEST_TOPIC_NAME);
}

/** Characters of the ARN of a role. Of a role of this app, path and name are known as far as they are written down. */
export function roleArnLength(arn: string): number {
  if (!Token.isUnresolved(arn)) return arn.length;
  // arn:${AWS::Partition}:iam::${AWS::AccountId}:role/deployer
  const [, pathAndName] = /:role(\/.*)$/.exec(arn) ?? [];
  if (pathAndName !== undefined && !Token.isUnresolved(pathAndName)) return BEFORE_PATH + pathAndName.length;
  const { firstToken } = Tokenization.reverseString(arn);
  const role = Reference.isReference(firstToken) ? firstToken.target : undefined;
  const path = CfnRole.isCfnRole(role) ? (role.path ?? '/') : undefined;
  const isKnown = path !== undefined && !Token.isUnresolved(path);
  return BEFORE_PATH + (isKnown ? path.length : LONGEST_ROLE_PATH) + LONGEST_ROLE_NAME;
}
