import { decoderFor } from '../../lambda/adapters/ec2-decoder.ts';
import { decodeHealth } from '../../lambda/adapters/ec2-status.ts';
import type { MessageAttributes } from '../../lambda/contract/message.ts';
import { METRICS } from '../../lambda/contract/metrics.ts';
import type { Instance } from '../../lambda/core/known/instance.ts';
import { Denied } from '../../lambda/core/look/ports.ts';
import type { Ports } from '../../lambda/core/round/plan.ts';
import { Unacceptable } from '../../lambda/core/tell/ports.ts';
import type { ListedInstance } from '../../local/judge/observations.ts';
import { AwsError } from '../../local/model/aws-error.ts';
import type { HealthRecord } from '../../local/model/health.ts';
import type { InstanceRecord } from '../../local/model/instance.ts';
import type { Filter } from '../../local/model/instance-query.ts';
import type { PublishRequest } from '../../local/model/publish-rules.ts';
import { NO_MEMBERS } from '../lambda/core/stored-members.ts';
import type { SimulatedInvocation } from './invocation.ts';
import { silencePort } from './silence-port.ts';
import { GROUP_TAG } from './silence-settings.ts';
import { type Remembered, snapshotPorts } from './snapshot-ports.ts';
import { isSelected, POISON } from './world.ts';

const PAGE_SIZE = 1000;
const FILTER_VALUES = 200;
const METRICS_PER_CALL = 1000;

/** The ports of one invocation on the simulated account, as the adapters make them on the real one. */
export function portsOf(invocation: SimulatedInvocation, remembered: Remembered): Ports {
  return {
    ...ec2Ports(invocation),
    ...snapshotPorts(invocation, remembered),
    publish: publishPort(invocation),
    // What comes of it is said in the log and in one metric, of which no promise speaks: test/lambda/core/subscriptions.test.ts.
    subscriptions: async () => [],
    silences: silencePort(invocation),
    ...NO_MEMBERS,
    measure: measurePort(invocation),
    log: () => {},
  };
}

function ec2Ports(invocation: SimulatedInvocation): Pick<Ports, 'discover' | 'list' | 'ask' | 'health'> {
  const { world, record } = invocation;
  const { fleet } = world.cloud;

  const group = world.settings.silencing?.grouped === true ? GROUP_TAG : undefined;

  const pages = async (
    region: string,
    filters: readonly Filter[],
    signal: AbortSignal,
    tagKeys: readonly string[] | undefined,
    see: (page: readonly InstanceRecord[]) => void,
  ): Promise<Instance[]> => {
    const instances: Instance[] = [];
    const decode = decoderFor({ exclude: [], group }, tagKeys);
    let token: string | undefined;
    do {
      const query = {
        filters,
        maxResults: PAGE_SIZE,
        includeManagedResources: true,
        ...(token === undefined ? {} : { nextToken: token }),
      };
      const page = await invocation.call(
        { service: 'ec2', operation: 'DescribeInstances', region, scope: region },
        signal,
        () => fleet.describe(region, query),
      );
      if (page.instances.length === 0 && page.nextToken !== undefined) world.count('empty page with a token');
      see(page.instances);
      instances.push(...page.instances.flatMap((each) => decode(answerOf(each)) ?? []));
      token = page.nextToken;
    } while (token !== undefined);
    return instances;
  };

  const denied = (error: unknown): unknown =>
    error instanceof AwsError && /explicit deny in a service control policy/.test(error.message)
      ? new Denied(error.message)
      : error;

  return {
    discover: async (account, signal) => {
      const call = { service: 'ec2', operation: 'DescribeRegions', region: world.home } as const;
      const regions = await invocation.call(call, signal, () => fleet.regions());
      record.enabled = regions.map(({ name }) => name);
      for (const region of record.enabled) record.named.add(region);
      return regions.map(({ name: region }) => ({ account, region })).sort((a, b) => (a.region < b.region ? -1 : 1));
    },
    list: async ({ region }, signal, tagKeys) => {
      const startedAt = world.timeline.now();
      const sights: ListedInstance[] = [];
      const tags = new Map<string, InstanceRecord['tags']>();
      const filters = record.selection === '' ? [] : [filterOf(record.selection)];
      try {
        const instances = await pages(region, filters, signal, tagKeys, (page) => {
          for (const seen of page) {
            const { instanceId: id, state, launchTime, tags: shown } = seen;
            sights.push({ id, state, launchTime, truthful: fleet.instance(id) === seen });
            tags.set(id, shown);
          }
        });
        const outside =
          record.selection === '' ? [] : fleet.instances(region).filter((each) => !isSelected(each, record.selection));
        record.listings.push({
          region,
          startedAt,
          endedAt: world.timeline.now(),
          sights,
          tags,
          outside: outside.map(({ instanceId }) => instanceId),
        });
        return instances;
      } catch (error) {
        throw denied(error);
      }
    },
    ask: async ({ region }, ids, signal, tagKeys) => {
      const answers: Instance[] = [];
      for (let start = 0; start < ids.length; start += FILTER_VALUES) {
        const filter = { name: 'instance-id', values: ids.slice(start, start + FILTER_VALUES) };
        answers.push(...(await pages(region, [filter], signal, tagKeys, () => {})));
      }
      return answers;
    },
    health: async ({ region }, signal) => {
      const startedAt = world.timeline.now();
      const shown = new Map<string, HealthRecord>();
      let token: string | undefined;
      do {
        const call = { service: 'ec2', operation: 'DescribeInstanceStatus', region, scope: region } as const;
        const query = {
          maxResults: PAGE_SIZE,
          includeManagedResources: true,
          ...(token === undefined ? {} : { nextToken: token }),
        };
        const page = await invocation.call(call, signal, () => fleet.describeStatus(region, query));
        for (const { instance, health } of page.statuses) shown.set(instance.instanceId, health);
        token = page.nextToken;
      } while (token !== undefined);
      record.healthSights.push({ region, startedAt, endedAt: world.timeline.now(), shown });
      return new Map([...shown].map(([id, health]) => [id, decodeHealth(statusOf(id, health))]));
    },
  };
}

function publishPort(invocation: SimulatedInvocation): Ports['publish'] {
  const { world, record } = invocation;
  return async ({ reader, subject, body, attributes, covers }, signal) => {
    const request: PublishRequest = {
      topicArn: world.topics[reader],
      message: body,
      ...(subject === undefined ? {} : { subject }),
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { type: 'String', value: String(value) }]),
      ),
    };
    const call = {
      service: 'sns',
      operation: 'Publish',
      region: world.home,
      resource: request.topicArn,
      scope: [attributes.region].flat().join(),
    } as const;
    try {
      await invocation.call(call, signal, () => {
        if (body.includes(POISON)) {
          world.count('SNS: message refused for good');
          throw new AwsError('InvalidParameter', 400, 'Invalid parameter: Message');
        }
        const { at } = world.cloud.topics.publish(world.home, request);
        world.history.messages.push({ sweep: record, at, topic: reader, body, attributes: texts(attributes), covers });
      });
    } catch (error) {
      const forGood = error instanceof AwsError && /^(InvalidParameter|ParameterValueInvalid)$/.test(error.code);
      throw forGood ? new Unacceptable(error.message) : error;
    }
  };
}

/** As a queue shows them: a list is JSON. */
function texts(attributes: MessageAttributes): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

function measurePort(invocation: SimulatedInvocation): Ports['measure'] {
  const { world, record } = invocation;
  return async (points, at, signal) => {
    for (let start = 0; start < points.length; start += METRICS_PER_CALL) {
      const data = points.slice(start, start + METRICS_PER_CALL).map(({ metric, dimensions, value }) => ({
        name: METRICS[metric].name,
        unit: METRICS[metric].unit,
        dimensions: Object.entries(dimensions).map(([name, text]) => ({ name, value: text })),
        timestamp: at,
        value,
      }));
      const call = { service: 'cloudwatch', operation: 'PutMetricData', region: world.home } as const;
      await invocation.call(call, signal, () => {
        world.cloud.metrics.put(world.home, 'Ec2StateMonitor', data);
        world.history.points.push({
          sweep: record,
          at: world.timeline.now(),
          points: data.map(({ name, dimensions, value }) => ({
            name,
            dimensions: dimensions.map((each) => `${each.name}=${each.value}`).join(' '),
            value,
          })),
        });
      });
    }
  };
}

function filterOf(selection: string): Filter {
  const [name = '', value = ''] = selection.split('=');
  return { name, values: [value] };
}

/** An instance of the model in the form in which the SDK gives it. */
function answerOf(record: InstanceRecord): Parameters<ReturnType<typeof decoderFor>>[0] {
  const { stateReason, privateIp, lifecycle, operator } = record;
  return {
    InstanceId: record.instanceId,
    // A state that does not exist yet is a text to the SDK as well, whatever its types say.
    State: { Name: record.state as 'running' },
    LaunchTime: new Date(record.launchTime),
    StateTransitionReason: record.transitionReason,
    InstanceType: record.type as 't3.micro',
    Placement: { AvailabilityZone: record.zone },
    ImageId: record.ami,
    Tags: Object.entries(record.tags).map(([Key, Value]) => ({ Key, Value })),
    Operator: operator === null ? { Managed: false } : { Managed: true, Principal: operator },
    ...(stateReason === null ? {} : { StateReason: { Code: stateReason.code, Message: stateReason.message } }),
    ...(privateIp === null ? {} : { PrivateIpAddress: privateIp }),
    ...(lifecycle === null ? {} : { InstanceLifecycle: lifecycle as 'spot' }),
  };
}

/** Health of the model in the form in which the SDK gives it. */
function statusOf(id: string, { checks, events }: HealthRecord): Parameters<typeof decodeHealth>[0] {
  const summaries = Object.entries(checks).map(([check, { status, impairedSince, remediation }]) => [
    `${check.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase())}Status`,
    {
      Status: status,
      ImpairedSince: impairedSince === null ? undefined : new Date(impairedSince),
      Remediation: remediation ?? undefined,
    },
  ]);
  const date = (at: number | null): Date | undefined => (at === null ? undefined : new Date(at));
  return {
    InstanceId: id,
    Events: events.map((event) => ({
      InstanceEventId: event.eventId,
      // A code that does not exist yet is a text to the SDK as well, whatever its types say.
      Code: event.code as 'instance-stop',
      Description: event.description,
      NotBefore: date(event.notBefore),
      NotAfter: date(event.notAfter),
      NotBeforeDeadline: date(event.deadline),
    })),
    ...Object.fromEntries(summaries),
  };
}
