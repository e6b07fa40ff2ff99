import type { Instance as Ec2Instance, Tag } from '@aws-sdk/client-ec2';
import type { Instance, StateReason } from '../core/instance.ts';

/** Tag that Auto Scaling puts on its instances. "Tag Auto Scaling groups and instances", Amazon EC2 Auto Scaling User Guide. */
const GROUP_TAG = 'aws:autoscaling:groupName';

/**
 * What EC2 says of an instance, reduced to what the core keeps.
 *
 * @throws Error when id, state or launch time are missing: such an answer is not complete, and not a look
 */
export function decodeInstance(answer: Ec2Instance): Instance {
  const { InstanceId: id, LaunchTime: launchTime, State: state } = answer;
  if (id === undefined || launchTime === undefined || state?.Name === undefined) {
    throw new Error(
      `EC2 described an instance without ${[
        id === undefined && 'InstanceId',
        launchTime === undefined && 'LaunchTime',
        state?.Name === undefined && 'State',
      ]
        .filter(Boolean)
        .join(', ')} (${id ?? 'no id'}): the answer is not complete.`,
    );
  }
  const reason = decodeReason(answer);
  return {
    id,
    state: state.Name,
    launchTime: launchTime.getTime(),
    ...present('reason', reason),
    ...present('name', tag(answer.Tags, 'Name')),
    ...present('autoScalingGroup', tag(answer.Tags, GROUP_TAG)),
    ...present('type', answer.InstanceType),
    ...present('zone', answer.Placement?.AvailabilityZone),
    ...present('privateIp', answer.PrivateIpAddress),
    ...present('ami', answer.ImageId),
    ...present('lifecycle', answer.InstanceLifecycle),
  };
}

/** `User initiated (2026-11-22 19:00:00 GMT)`; the date may be missing. */
const DATE = /\((\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:GMT|UTC)\)/;

/** `Server.SpotInstanceTermination: Spot instance termination` */
const CODE = /^((?:Server|Client)\.[\w.]+)(?::|$)/;

function decodeReason({ StateReason: reason, StateTransitionReason: told }: Ec2Instance): StateReason | undefined {
  const code = reason?.Code || told?.match(CODE)?.[1];
  const text = reason?.Message || told;
  const date = told?.match(DATE);
  const at = date ? Date.parse(`${date[1]}T${date[2]}Z`) : Number.NaN;
  if (!code && !text) return undefined;
  return {
    ...present('code', code),
    ...present('text', text),
    ...present('at', Number.isNaN(at) ? undefined : at),
  };
}

function tag(tags: readonly Tag[] | undefined, key: string): string | undefined {
  return tags?.find(({ Key }) => Key === key)?.Value;
}

/** A field only where there is something in it: empty texts and empty elements count as nothing. */
function present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined || value === '' ? {} : ({ [key]: value } as { [P in K]?: V });
}
