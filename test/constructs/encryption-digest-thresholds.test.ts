import { Duration } from 'aws-cdk-lib';
import { figuresOf } from '../../lambda/encryption-digest/figures';
import { headlineOf } from '../../lambda/encryption-digest/headline';
import { queriesOf } from '../../lambda/encryption-digest/queries';
import { weeksBefore } from '../../lambda/encryption-digest/weeks';
import { EncryptionEnforcer } from '../../lib';
import type { DigestedEnforcer } from '../../lib/domain/digested-enforcer';
import { decodeDigestedEnforcers } from '../../lib/domain/digested-enforcer';
import { digestIn } from '../support/digest-stack';
import { DAY, END, MONDAY } from '../support/digest-week';
import { newStack, type Resource, resourcesOf, textOf } from '../support/stacks';

const WEEKS = weeksBefore(new Date(MONDAY));
const WELL = 'All well: 1 object verified, all as required';

/** What the digest says where the metric of an alarm had this value, and one object was as required. */
function headlineWith(enforcer: DigestedEnforcer, { MetricName, Dimensions }: Resource['Properties'], value: number): string {
  const [dimension] = Dimensions as { readonly Name: string; readonly Value: unknown }[];
  const at = new Date(END - DAY);
  const answer = queriesOf([enforcer]).map(({ Id = '', MetricStat }) => {
    const isIt = MetricStat?.Metric?.MetricName === MetricName && MetricStat?.Metric?.Dimensions?.[0]?.Value === textOf(dimension?.Value);
    const values = Id === 'e0_compliant' ? [1] : isIt ? [value] : [];
    return { id: Id, label: Id, points: values.map((each) => ({ at, value: each })) };
  });
  return headlineOf(figuresOf([enforcer], answer, WEEKS).map((each) => ({ ...each, buckets: [] }))).all;
}

test.each([Duration.minutes(1), Duration.minutes(15), Duration.days(3)])(
  'what sets off an alarm of its enforcer on how old something is, with a maxVerificationAge of %s, is not all well; what does not, is',
  (maxVerificationAge) => {
    const stack = newStack();
    digestIn(stack, { enforcers: [new EncryptionEnforcer(stack, 'Enforcer', { maxVerificationAge })] });
    const [digested] = resourcesOf(stack, 'AWS::Lambda::Function').flatMap(
      ({ Properties }) => Properties.Environment?.Variables?.DIGESTED_ENFORCERS ?? [],
    );
    const [enforcer] = decodeDigestedEnforcers(textOf(digested));
    const alarms = resourcesOf(stack, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
    const onAges = alarms.filter(({ MetricName }) => MetricName.includes('Age'));
    const told = onAges.map((alarm) => [
      alarm.MetricName,
      headlineWith(enforcer as DigestedEnforcer, alarm, alarm.Threshold - 1),
      headlineWith(enforcer as DigestedEnforcer, alarm, alarm.Threshold).replace(/ waited up to .*/, ''),
    ]);
    expect(told).toEqual([
      ['ApproximateAgeOfOldestMessage', WELL, 'events'],
      ['ApproximateAgeOfOldestMessage', WELL, 'large objects'],
      ['VerificationAge', WELL, 'events'],
      ['ThrottledAge', WELL, 'events'],
      ['UnfinishedAge', WELL, 'large objects'],
    ]);
  },
);
