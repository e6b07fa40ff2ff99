import { element, type Field, lay, PageTemplate, suffixOf } from './page-template.ts';

/**
 * Pages as DescribeInstanceStatus answers them, for the instances of `listing-xml.ts`: 0.8 kB each, with all five checks. Of a
 * hundred, one has a check that fails, and one an event.
 *
 * @param stopped how many of the instances, from the first, are stopped: those are not in the answer
 */
export function healthTemplate(instances: number, stopped: number): PageTemplate {
  const items = Array.from({ length: instances - stopped }, (_, index) => lay(status(stopped + index)));
  return new PageTemplate('DescribeInstanceStatus', 'instanceStatusSet', items.join(''));
}

const SINCE = '2026-11-22T18:41:00.000Z';

function status(index: number): readonly Field[] {
  const isImpaired = index % 100 === 50;
  const event = element('item', [
    ['instanceEventId', `instance-event-${suffixOf(index)}`],
    ['code', 'instance-retirement'],
    ['description', 'The instance is running on degraded hardware'],
    ['notBefore', '2026-12-06T09:00:00.000Z'],
  ]);
  return element('item', [
    ['instanceId', `i-${suffixOf(index)}`],
    ['availabilityZone', `eu-west-1${'abc'[index % 3]}`],
    ['availabilityZoneId', `euw1-az${1 + (index % 3)}`],
    ...(index % 100 === 99 ? element('eventsSet', event) : []),
    [
      'instanceState',
      [
        ['code', '16'],
        ['name', 'running'],
      ],
    ],
    ['systemStatus', detailed(false)],
    ['instanceStatus', detailed(isImpaired)],
    ['attachedEbsStatus', detailed(false)],
    ['applicationStatus', [['status', 'not-applicable']]],
    ['performanceStatus', [['status', 'ok']]],
    ['operator', [['managed', 'false']]],
  ]);
}

function detailed(isImpaired: boolean): readonly Field[] {
  const detail = element('item', [
    ['name', 'reachability'],
    ['status', isImpaired ? 'failed' : 'passed'],
    ...(isImpaired ? ([['impairedSince', SINCE]] satisfies Field[]) : []),
  ]);
  return [
    ['status', isImpaired ? 'impaired' : 'ok'],
    ['details', detail],
  ];
}
