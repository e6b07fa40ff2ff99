import type { Cloud } from '../model/cloud.ts';
import type { InstanceRecord } from '../model/instance.ts';
import type { InstanceQuery } from '../model/instance-query.ts';
import { reservationsXml, stateXml } from './ec2-instance.ts';
import { statusXml } from './ec2-status.ts';
import { Form, unknownAction } from './form.ts';
import type { Answer, WireProtocol } from './protocol.ts';
import type { Xml } from './xml.ts';
import { xmlDocument } from './xml.ts';

const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';

type Operation = (cloud: Cloud, region: string, form: Form) => { readonly [element: string]: Xml };

const operations: Readonly<Record<string, Operation>> = {
  DescribeInstances({ account, fleet }, region, form) {
    const { instances, nextToken = null } = fleet.describe(region, queryOf(form));
    return { reservationSet: { item: reservationsXml(instances, account) }, nextToken };
  },

  DescribeInstanceStatus({ fleet }, region, form) {
    const includeAllInstances = booleanOf(form.get('IncludeAllInstances'));
    const { statuses, nextToken = null } = fleet.describeStatus(region, { ...queryOf(form), includeAllInstances });
    return { instanceStatusSet: { item: statuses.map(statusXml) }, nextToken };
  },

  DescribeRegions({ fleet }, _region, form) {
    const named = form.list('RegionName');
    const item = fleet
      .regions(form.get('AllRegions') === 'true' ? 'all' : 'enabled')
      .filter(({ name }) => named.length === 0 || named.includes(name))
      .map(({ name, optInStatus }) => ({
        regionName: name,
        regionEndpoint: `ec2.${name}.amazonaws.com`,
        optInStatus,
      }));
    return { regionInfo: { item } };
  },

  RunInstances({ account, fleet }, region, form) {
    const tags = form
      .entries('TagSpecification')
      .filter((each) => form.get(`${each}.ResourceType`) === 'instance')
      .flatMap((each) => form.entries(`${each}.Tag`))
      .map((tag) => [form.need(`${tag}.Key`), form.get(`${tag}.Value`) ?? ''] as const);
    const attributes = {
      type: form.get('InstanceType') ?? 'm1.small',
      ami: form.need('ImageId'),
      tags: Object.fromEntries(tags),
    };
    const launched: InstanceRecord[] = [];
    for (let count = Number(form.get('MaxCount') ?? 1); count > 0; count -= 1) {
      const together = launched[0] && { reservationId: launched[0].reservationId };
      const record = fleet.instance(fleet.launch(region, { ...attributes, ...together }));
      launched.push(...(record ? [record] : []));
    }
    const [reservation = {}] = reservationsXml(launched, account);
    return reservation;
  },

  StartInstances: changing((fleet, id) => fleet.start(id)),
  StopInstances: changing((fleet, id, form) =>
    fleet.stop(id, form.get('Hibernate') === 'true' ? 'hibernation' : 'user'),
  ),
  TerminateInstances: changing((fleet, id) => fleet.terminate(id)),

  RebootInstances({ fleet }, _region, form) {
    for (const id of form.list('InstanceId')) {
      fleet.reboot(id);
    }
    return { return: true };
  },
};

/** EC2 over its own query protocol. */
export const ec2: WireProtocol = {
  read(cloud, { body, region }, requestId) {
    const form = new Form(body);
    const operation = form.need('Action');
    const act = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (!act) {
      throw unknownAction('EC2', operation, Object.keys(operations));
    }
    return {
      operation,
      act: () => {
        const content = { requestId, ...act(cloud, region, form) };
        return answer(200, requestId, xmlDocument(`${operation}Response`, NAMESPACE, content));
      },
    };
  },
  refuse({ code, message, status }, requestId) {
    const content = { Errors: { Error: { Code: code, Message: message } }, RequestID: requestId };
    return answer(status, requestId, xmlDocument('Response', null, content));
  },
};

function queryOf(form: Form): InstanceQuery {
  const maxResults = form.get('MaxResults');
  const nextToken = form.get('NextToken');
  return {
    filters: form
      .entries('Filter')
      .map((filter) => ({ name: form.need(`${filter}.Name`), values: form.list(`${filter}.Value`) })),
    instanceIds: form.list('InstanceId'),
    includeManagedResources: booleanOf(form.get('IncludeManagedResources')),
    ...(maxResults === undefined ? {} : { maxResults: Number(maxResults) }),
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}

function booleanOf(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'true';
}

/** An operation that changes instances one after another. Unlike in EC2, a refusal does not undo the earlier ones. */
function changing(change: (fleet: Cloud['fleet'], id: string, form: Form) => void): Operation {
  return ({ fleet }, _region, form) => {
    const item = form.list('InstanceId').map((instanceId) => {
      const before = fleet.instance(instanceId)?.state ?? '';
      change(fleet, instanceId, form);
      const after = fleet.instance(instanceId)?.state ?? '';
      return { instanceId, currentState: stateXml(after), previousState: stateXml(before) };
    });
    return { instancesSet: { item } };
  };
}

function answer(status: number, requestId: string, body: string): Answer {
  return { status, headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId }, body };
}
