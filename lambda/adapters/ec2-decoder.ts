import type { Instance as Ec2Instance, Tag } from '@aws-sdk/client-ec2';
import { anyFits, type Watching } from '../contract/watching.ts';
import type { Instance, StateReason } from '../core/known/instance.ts';

/** Tag that Auto Scaling puts on its instances. "Tag Auto Scaling groups and instances", Amazon EC2 Auto Scaling User Guide. */
const GROUP_TAG = 'aws:autoscaling:groupName';

/**
 * How the instances of a listing are read when only some are watched: those that are excluded become `undefined`.
 *
 * @param tagKeys of the tags to keep in `Instance.tags`
 */
export function decoderFor(
  watching: Pick<Watching, 'exclude' | 'group'>,
  tagKeys: readonly string[] = [],
): (answer: Ec2Instance) => Instance | undefined {
  const { exclude, group } = watching;
  if (exclude.length === 0 && group === undefined && tagKeys.length === 0) return decodeInstance;
  const isExcluded = anyFits(exclude);
  return (answer) => {
    const { Tags } = answer;
    if (isExcluded((key) => tag(Tags, key))) return undefined;
    const instance: Writable<Instance> = decodeInstance(answer);
    const value = group === undefined ? undefined : tag(Tags, group);
    if (value) instance.group = value;
    for (const key of tagKeys) {
      const kept = tag(Tags, key);
      if (kept !== undefined) instance.tags = { ...instance.tags, [key]: kept };
    }
    return instance;
  };
}

/**
 * What EC2 says of an instance, reduced to what the core keeps.
 *
 * @throws Error when id, state or launch time are missing: such an answer is not complete, and not a look
 */
export function decodeInstance(answer: Ec2Instance): Instance {
  const { InstanceId: id, LaunchTime: launchTime, State: state } = answer;
  if (id === undefined || launchTime === undefined || state?.Name === undefined) {
    const needed = { InstanceId: id, LaunchTime: launchTime, State: state?.Name };
    const missing = Object.entries(needed).flatMap(([name, value]) => (value === undefined ? name : []));
    throw new Error(
      `EC2 described an instance without ${missing.join(', ')} (${id ?? 'no id'}): the answer is not complete.`,
    );
  }
  const instance: Writable<Instance> = { id, state: state.Name, launchTime: launchTime.getTime() };
  // One after another and not by spreading: this runs for each of a hundred thousand.
  const reason = decodeReason(answer);
  if (reason !== undefined) instance.reason = reason;
  if (!answer.Tags?.length) instance.untagged = true;
  const name = tag(answer.Tags, 'Name');
  if (name) instance.name = name;
  const group = tag(answer.Tags, GROUP_TAG);
  if (group) instance.autoScalingGroup = group;
  if (answer.InstanceType) instance.type = answer.InstanceType;
  if (answer.Placement?.AvailabilityZone) instance.zone = answer.Placement.AvailabilityZone;
  if (answer.PrivateIpAddress) instance.privateIp = answer.PrivateIpAddress;
  if (answer.ImageId) instance.ami = answer.ImageId;
  if (answer.InstanceLifecycle) instance.lifecycle = answer.InstanceLifecycle;
  // The SDK makes a boolean of it, `ec2-listing.ts` leaves it a text.
  if (String(answer.Operator?.Managed) === 'true') instance.operator = answer.Operator?.Principal || 'unknown';
  return instance;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** `User initiated (2026-11-22 19:00:00 GMT)`; the date may be missing. */
const DATE = /\((\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:GMT|UTC)\)/;

/** `Server.SpotInstanceTermination: Spot instance termination` */
const CODE = /^((?:Server|Client)\.[\w.]+)(?::|$)/;

function decodeReason({ StateReason: reason, StateTransitionReason: told }: Ec2Instance): StateReason | undefined {
  if (!told && reason === undefined) return undefined;
  const code = reason?.Code || told?.match(CODE)?.[1];
  const text = reason?.Message || told;
  const date = told?.match(DATE);
  const at = date ? Date.parse(`${date[1]}T${date[2]}Z`) : Number.NaN;
  if (!code && !text) return undefined;
  return { code: code || undefined, text: text || undefined, at: Number.isNaN(at) ? undefined : at };
}

function tag(tags: readonly Tag[] | undefined, key: string): string | undefined {
  return tags?.find(({ Key }) => Key === key)?.Value;
}
