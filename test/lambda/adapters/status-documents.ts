import fc from 'fast-check';
import { documentsOf, leaf, list, structure, text, time } from './listing-documents.ts';

const status = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('ok', 'impaired', 'insufficient-data', 'not-applicable', 'initializing') },
  { weight: 1, arbitrary: text },
);

const detail = structure('item', 'detail', [], [leaf('name'), leaf('status'), leaf('impairedSince', time)]);

/** A check that says since when in its details. */
const detailed = (name: string) => structure(name, 'check', [], [leaf('status', status), list('details', detail, 3)]);

/** A check that says so itself. */
const summary = (name: string, ...more: Parameters<typeof structure>[3] & object) =>
  structure(name, 'check', [], [leaf('status', status), leaf('impairedSince', time), ...more]);

const description = fc
  .tuple(fc.constantFrom('', '[Completed] ', '[Canceled] ', '[Cancelled]', '[Delayed] '), text)
  .map((parts) => parts.join(''));

const event = structure(
  'item',
  'event',
  [],
  [
    leaf('instanceEventId'),
    leaf('code', fc.oneof(fc.constantFrom('system-reboot', 'instance-retirement'), text)),
    leaf('description', description),
    leaf('notBefore', time),
    leaf('notAfter', time),
    leaf('notBeforeDeadline', time),
  ],
);

const instance = structure(
  'item',
  'statusInstance',
  [leaf('instanceId')],
  [
    leaf('availabilityZone'),
    structure('instanceState', 'state', [leaf('name')], []),
    list('eventsSet', event, 3),
    detailed('systemStatus'),
    detailed('instanceStatus'),
    detailed('attachedEbsStatus'),
    summary('applicationStatus'),
    summary('performanceStatus', leaf('remediation')),
  ],
);

/** Answers to DescribeInstanceStatus. */
export const statusDocuments = documentsOf(
  structure(
    'DescribeInstanceStatusResponse',
    'statusRoot',
    [list('instanceStatusSet', instance, 4)],
    [leaf('nextToken'), leaf('requestId')],
  ),
);
