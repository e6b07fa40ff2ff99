import { AwsError } from '../../../local/model/aws-error.ts';
import { virtualClock } from '../../../local/model/clock.ts';
import { Fleet } from '../../../local/model/fleet.ts';
import type { HealthChange } from '../../../local/model/health.ts';
import type { Durations } from '../../../local/model/instance.ts';
import { seeded } from '../../../local/model/random.ts';
import { DEFAULT_REGIONS } from '../../../local/model/regions.ts';
import type { StatusQuery } from '../../../local/model/status-query.ts';

const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);

/** Instances that have been well for a while: launched at 18:00, and it is 19:00. */
function fleetOf(ids: readonly string[], durations: Partial<Durations> = {}, pageSizes: readonly number[] = []) {
  const clock = virtualClock('2026-11-22T18:00:00.000Z');
  const fleet = new Fleet({ now: clock.now, random: seeded(7), regions: DEFAULT_REGIONS, durations, pageSizes });
  for (const instanceId of ids) fleet.launch('eu-west-1', { instanceId });
  clock.pass(3600);
  return { clock, fleet };
}

/** The status of each check, as the instance has it. */
const statuses = (fleet: Fleet, id = 'i-1') =>
  Object.fromEntries(Object.entries(fleet.health(id)?.checks ?? {}).map(([name, { status }]) => [name, status]));

/** Each change of health in a few words, with its time of day. */
const told = (journal: readonly HealthChange[]) =>
  journal.map((change) => {
    const what =
      'check' in change ? `${change.check} ${change.status}` : 'event' in change ? `event ${change.news}` : 'cleared';
    return `${new Date(change.at).toISOString().slice(11, 19)} ${change.instance} ${what}`;
  });

const WELL = { system: 'ok', instance: 'ok', 'attached-ebs': 'ok', application: 'not-applicable' };
const INITIALIZING = { ...WELL, system: 'initializing', instance: 'initializing', 'attached-ebs': 'initializing' };
const NONE = { ...WELL, system: 'not-applicable', instance: 'not-applicable', 'attached-ebs': 'not-applicable' };

describe('by itself', () => {
  test('health follows the state: checks begin when the instance runs, and know something after a while', () => {
    const { clock, fleet } = fleetOf([], { initializing: 100 });
    fleet.launch('eu-west-1', { instanceId: 'i-1' });
    expect(statuses(fleet)).toEqual(NONE);
    clock.pass(15);
    expect(statuses(fleet)).toEqual(INITIALIZING);
    clock.pass(99);
    expect(statuses(fleet)).toEqual(INITIALIZING);
    clock.pass(1);
    expect(statuses(fleet)).toEqual(WELL);
    fleet.stop('i-1');
    expect(statuses(fleet)).toEqual(NONE);
    clock.pass(30);
    fleet.start('i-1');
    clock.pass(15 + 99);
    expect(statuses(fleet)).toEqual(INITIALIZING);
    expect(fleet.healthJournal()).toEqual([]);
  });

  test('checks begin after 200 seconds unless told otherwise', () => {
    const { clock, fleet } = fleetOf([]);
    fleet.launch('eu-west-1', { instanceId: 'i-1' });
    clock.pass(15 + 199);
    expect(statuses(fleet)).toEqual(INITIALIZING);
    clock.pass(1);
    expect(statuses(fleet)).toEqual(WELL);
  });

  test('tags are no reason to begin again', () => {
    const { fleet } = fleetOf(['i-1']);
    fleet.tag('i-1', { a: 'b' });
    expect(statuses(fleet)).toEqual(WELL);
  });

  test('instances that are well share one record, so that large fleets cost nothing', () => {
    const { fleet } = fleetOf(['i-1', 'i-2']);
    expect(fleet.health('i-1')).toBe(fleet.health('i-2'));
  });

  test('nobody has health who does not exist', () => {
    expect(fleetOf([]).fleet.health('i-1')).toBeUndefined();
  });
});

describe('a check', () => {
  test('fails since a whole second, until it recovers', () => {
    const { clock, fleet } = fleetOf(['i-1']);
    clock.pass(0.75);
    fleet.impair('i-1', 'system');
    const impaired = { status: 'impaired', impairedSince: at('19:00:00'), remediation: null };
    expect(fleet.health('i-1')?.checks).toMatchObject({ system: impaired, instance: { status: 'ok' } });
    clock.pass(60);
    fleet.recover('i-1', 'system');
    const ok = { status: 'ok', impairedSince: null, remediation: null };
    expect(fleet.health('i-1')?.checks['system']).toEqual(ok);
    const where = { region: 'eu-west-1', instance: 'i-1' };
    expect(fleet.healthJournal()).toEqual([
      { at: at('19:00:00.750'), ...where, check: 'system', ...impaired },
      { at: at('19:01:00.750'), ...where, check: 'system', ...ok },
    ]);
  });

  test('may have failed for longer, and AWS may know what to do', () => {
    const { fleet } = fleetOf(['i-1']);
    fleet.impair('i-1', 'performance', { since: at('18:30:00.999'), remediation: 'Stop and start it.' });
    expect(fleet.health('i-1')?.checks['performance']).toEqual({
      status: 'impaired',
      impairedSince: at('18:30:00'),
      remediation: 'Stop and start it.',
    });
  });

  test('has any name and any status', () => {
    const { fleet } = fleetOf(['i-1']);
    fleet.setCheck('i-1', 'application', 'suppressed');
    fleet.setCheck('i-1', 'network-path', 'insufficient-data');
    expect(statuses(fleet)).toEqual({ ...WELL, application: 'suppressed', 'network-path': 'insufficient-data' });
  });

  test('is impaired by its status too', () => {
    const { fleet } = fleetOf(['i-1']);
    fleet.setCheck('i-1', 'system', 'impaired');
    expect(fleet.health('i-1')?.checks['system']?.impairedSince).toBe(at('19:00:00'));
  });

  test('that stays as it is changes nothing', () => {
    const { clock, fleet } = fleetOf(['i-1']);
    fleet.recover('i-1', 'system');
    fleet.setCheck('i-1', 'application', 'not-applicable');
    fleet.impair('i-1', 'system');
    clock.pass(60);
    fleet.impair('i-1', 'system');
    expect(told(fleet.healthJournal())).toEqual(['19:00:00 i-1 system impaired']);
    fleet.impair('i-1', 'system', { since: at('18:59:00') });
    expect(fleet.healthJournal().at(-1)).toMatchObject({ at: at('19:01:00'), impairedSince: at('18:59:00') });
  });

  test('fails while it begins, and not before the instance runs', () => {
    const { clock, fleet } = fleetOf([]);
    fleet.launch('eu-west-1', { instanceId: 'i-1' });
    fleet.impair('i-1', 'instance');
    expect(statuses(fleet)).toEqual(NONE);
    clock.pass(15);
    expect(statuses(fleet)).toEqual({ ...INITIALIZING, instance: 'impaired' });
  });

  test.each<[string, (fleet: Fleet) => void]>([
    ['a stop', (fleet) => fleet.stop('i-1')],
    ['a termination', (fleet) => fleet.terminate('i-1')],
    ['a state from elsewhere', (fleet) => fleet.force('i-1', 'stopped')],
  ])('is forgotten with %s, as are events that were not over, once', (_, end) => {
    const { clock, fleet } = fleetOf(['i-1', 'i-2']);
    fleet.impair('i-1', 'system');
    fleet.setCheck('i-1', 'performance', 'ok');
    const over = fleet.schedule('i-1', { code: 'system-reboot', notBefore: at('19:00:00') });
    fleet.completeEvent('i-1', over);
    fleet.schedule('i-1', { code: 'instance-retirement', notBefore: at('20:00:00') });
    clock.pass(60);
    const before = fleet.healthJournal().length;
    end(fleet);
    fleet.stop('i-2');
    clock.pass(60);
    expect(told(fleet.healthJournal().slice(before))).toEqual(['19:01:00 i-1 cleared']);
    expect(statuses(fleet)).toEqual(NONE);
    expect(fleet.health('i-1')?.events.map(({ eventId }) => eventId)).toEqual([over]);
  });

  test('is forgotten with a start, if it failed while nothing ran', () => {
    const { clock, fleet } = fleetOf(['i-1']);
    fleet.stop('i-1');
    clock.pass(60);
    fleet.impair('i-1', 'system');
    fleet.start('i-1');
    clock.pass(600);
    expect(statuses(fleet)).toEqual(WELL);
    expect(told(fleet.healthJournal())).toEqual(['19:01:00 i-1 system impaired', '19:01:00 i-1 cleared']);
  });
});

describe('a reboot', () => {
  test('makes the check of the instance fail for a while', () => {
    const { clock, fleet } = fleetOf(['i-1']);
    fleet.reboot('i-1');
    clock.pass(29);
    expect(statuses(fleet)).toEqual({ ...WELL, instance: 'impaired' });
    clock.pass(600);
    expect(statuses(fleet)).toEqual(WELL);
    expect(told(fleet.healthJournal())).toEqual(['19:00:00 i-1 instance impaired', '19:00:30 i-1 instance ok']);
  });

  test('takes as long as it is told to, or no time', () => {
    const slow = fleetOf(['i-1'], { rebooting: 100 });
    slow.fleet.reboot('i-1');
    slow.clock.pass(99);
    expect(statuses(slow.fleet)['instance']).toBe('impaired');
    slow.clock.pass(1);
    expect(statuses(slow.fleet)['instance']).toBe('ok');
    const none = fleetOf(['i-1'], { rebooting: 0 });
    none.fleet.reboot('i-1');
    expect(none.fleet.healthJournal()).toEqual([]);
  });

  test('that begins again takes its time again, and repairs what failed before', () => {
    const { clock, fleet } = fleetOf(['i-1']);
    fleet.impair('i-1', 'instance');
    clock.pass(60);
    fleet.reboot('i-1');
    clock.pass(20);
    fleet.reboot('i-1');
    clock.pass(20);
    expect(fleet.health('i-1')?.checks['instance']).toMatchObject({ impairedSince: at('19:00:00') });
    clock.pass(10);
    expect(told(fleet.healthJournal())).toEqual(['19:00:00 i-1 instance impaired', '19:01:50 i-1 instance ok']);
  });

  test.each<[string, (fleet: Fleet) => void, string]>([
    ['a failure of its own', (fleet) => fleet.impair('i-1', 'instance'), 'impaired'],
    ['a recovery', (fleet) => fleet.recover('i-1', 'instance'), 'ok'],
    ['a stop', (fleet) => fleet.stop('i-1'), 'not-applicable'],
  ])('ends with %s', (_, act, status) => {
    const { clock, fleet } = fleetOf(['i-1']);
    fleet.reboot('i-1');
    clock.pass(10);
    act(fleet);
    const before = fleet.healthJournal().length;
    clock.pass(600);
    expect(statuses(fleet)['instance']).toBe(status);
    expect(fleet.healthJournal()).toHaveLength(before);
  });
});

describe('an event', () => {
  test('is scheduled, moved and completed, and is shown for another week', () => {
    const { clock, fleet } = fleetOf(['i-1']);
    const times = { notBefore: at('20:00:00'), notAfter: at('22:00:00'), deadline: at('23:00:00') };
    const eventId = fleet.schedule('i-1', { code: 'system-reboot', ...times });
    expect(eventId).toMatch(/^instance-event-0[0-9a-f]{16}$/);
    const scheduled = {
      eventId,
      code: 'system-reboot',
      description: 'The instance is scheduled for a reboot',
      ...times,
      overSince: null,
    };
    expect(fleet.health('i-1')?.events).toEqual([scheduled]);
    clock.pass(60);
    fleet.moveEvent('i-1', eventId, { notBefore: at('21:00:00') });
    fleet.moveEvent('i-1', eventId, { notBefore: at('21:00:00') });
    const moved = { ...scheduled, notBefore: at('21:00:00') };
    clock.pass(60);
    fleet.completeEvent('i-1', eventId);
    const description = '[Completed] The instance is scheduled for a reboot';
    const completed = { ...moved, description, overSince: at('19:02:00') };
    expect(fleet.health('i-1')?.events).toEqual([completed]);
    expect(fleet.healthJournal()).toMatchObject([
      { at: at('19:00:00'), event: scheduled, news: 'scheduled' },
      { at: at('19:01:00'), event: moved, news: 'moved' },
      { at: at('19:02:00'), event: completed, news: 'completed' },
    ]);
    expect(statuses(fleet)).toEqual(WELL);
    clock.pass(7 * 24 * 3600 - 1);
    expect(fleet.health('i-1')?.events).toHaveLength(1);
    clock.pass(1);
    expect(fleet.health('i-1')?.events).toEqual([]);
    expect(fleet.healthJournal()).toHaveLength(3);
  });

  test('that is canceled is shown for another week, or not at all', () => {
    const { fleet } = fleetOf(['i-1']);
    const schedule = () =>
      fleet.schedule('i-1', { code: 'instance-stop', notBefore: at('20:00:00'), description: 'x' });
    const [marked, gone] = [schedule(), schedule()];
    fleet.cancelEvent('i-1', marked, 'marked');
    fleet.cancelEvent('i-1', gone, 'gone');
    expect(fleet.health('i-1')?.events).toMatchObject([
      { eventId: marked, description: '[Canceled] x', overSince: at('19:00:00') },
    ]);
    expect(fleet.healthJournal().slice(2)).toMatchObject([
      { event: { eventId: marked }, news: 'canceled' },
      { event: { eventId: gone }, news: 'canceled' },
    ]);
  });

  test('that is over, or is another instance’s, can no longer change', () => {
    const { fleet } = fleetOf(['i-1', 'i-2']);
    const eventId = fleet.schedule('i-1', { code: 'instance-stop', notBefore: at('20:00:00') });
    const none = `There is no event '${eventId}' that is not over`;
    expect(() => fleet.completeEvent('i-2', eventId)).toThrow(none);
    fleet.completeEvent('i-1', eventId);
    expect(() => fleet.completeEvent('i-1', eventId)).toThrow(none);
    expect(() => fleet.cancelEvent('i-1', eventId, 'gone')).toThrow(none);
    expect(() => fleet.moveEvent('i-1', eventId, { notBefore: 0 })).toThrow(none);
    expect(fleet.healthJournal()).toHaveLength(2);
  });
});

test('the journal is in the order of time across instances, however late it is read', () => {
  const { clock, fleet } = fleetOf(['i-1', 'i-2', 'i-3']);
  fleet.reboot('i-1');
  fleet.force('i-2', 'shutting-down');
  fleet.impair('i-2', 'system');
  clock.pass(10);
  fleet.reboot('i-3');
  clock.pass(3600);
  expect(told(fleet.healthJournal()).slice(3)).toEqual([
    '19:00:20 i-2 cleared',
    '19:00:30 i-1 instance ok',
    '19:00:40 i-3 instance ok',
  ]);
});

describe('answers', () => {
  /** Who is in the answer, page by page. */
  function pages(fleet: Fleet, query: StatusQuery = {}): string[][] {
    const found: string[][] = [];
    let nextToken: string | undefined;
    do {
      const page = fleet.describeStatus('eu-west-1', { ...query, ...(nextToken === undefined ? {} : { nextToken }) });
      found.push(page.statuses.map(({ instance }) => instance.instanceId));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
  }

  const SEVEN = ['i-1', 'i-2', 'i-3', 'i-4', 'i-5', 'i-6', 'i-7'];

  test('come in pages, which may be empty', () => {
    expect(pages(fleetOf(SEVEN).fleet, { maxResults: 5 })).toEqual([SEVEN.slice(0, 5), SEVEN.slice(5)]);
    expect(pages(fleetOf(SEVEN, {}, [0, 3, 4]).fleet)).toEqual([[], SEVEN.slice(0, 3), SEVEN.slice(3)]);
    expect(pages(fleetOf([]).fleet)).toEqual([[]]);
  });

  test('are of one region, and of what runs unless all are asked for', () => {
    const { fleet } = fleetOf(['i-1', 'i-2']);
    fleet.launch('us-east-1', { instanceId: 'i-us' });
    fleet.launch('eu-west-1', { instanceId: 'i-pending' });
    fleet.stop('i-1');
    expect(pages(fleet)).toEqual([['i-2']]);
    expect(pages(fleet, { instanceIds: ['i-1', 'i-2'] })).toEqual([['i-2']]);
    expect(pages(fleet, { includeAllInstances: true })).toEqual([['i-1', 'i-2', 'i-pending']]);
  });

  const one = (name: string, ...values: string[]): StatusQuery => ({ filters: [{ name, values }] });

  test.each<[string, StatusQuery, string[]]>([
    ['one check', one('system-status.status', 'impaired', 'new'), ['i-1', 'i-3']],
    ['another', one('instance-status.status', 'impaired'), ['i-2']],
    ['volumes', one('attached-ebs-status.status', 'insufficient-*'), ['i-1']],
    ['the application', one('application-status.status', 'ok'), ['i-2']],
    ['the codes of events', one('event.code', 'instance-stop'), ['i-3']],
    ['a zone', one('availability-zone', 'eu-west-1b'), ['i-4']],
    ['a state', one('instance-state-name', 'running'), ['i-1', 'i-2', 'i-3', 'i-4']],
    ['a state that is not asked for', one('instance-state-name', 'stopped'), []],
    ['a state that is', { ...one('instance-state-name', 'stopped'), includeAllInstances: true }, ['i-5']],
    [
      'all of several',
      { filters: ['system-status.status', 'instance-status.status'].map((name) => ({ name, values: ['impaired'] })) },
      [],
    ],
  ])('are filtered by %s', (_, query, expected) => {
    const { clock, fleet } = fleetOf(['i-1', 'i-2', 'i-3']);
    fleet.launch('eu-west-1', { instanceId: 'i-4', zone: 'eu-west-1b' });
    fleet.launch('eu-west-1', { instanceId: 'i-5' });
    fleet.stop('i-5');
    clock.pass(600);
    fleet.impair('i-1', 'system');
    fleet.setCheck('i-1', 'attached-ebs', 'insufficient-data');
    fleet.impair('i-2', 'instance');
    fleet.setCheck('i-2', 'application', 'ok');
    fleet.setCheck('i-3', 'system', 'new');
    fleet.schedule('i-3', { code: 'system-reboot', notBefore: 0 });
    fleet.schedule('i-3', { code: 'instance-stop', notBefore: 0 });
    expect(pages(fleet, query)).toEqual([expected]);
  });

  const hundred = Array.from({ length: 100 }, () => 'i-1');

  test.each<[string, StatusQuery, string]>([
    ['a filter of another operation', one('tag:env', 'prod'), '400 InvalidParameterValue'],
    ['a filter that EC2 has not', one('performance-status.status', 'impaired'), '400 InvalidParameterValue'],
    ['too small a page', { maxResults: 4 }, '400 InvalidParameterValue'],
    ['too large a page', { maxResults: 1001 }, '400 InvalidParameterValue'],
    ['101 ids', { instanceIds: ['i-1', ...hundred] }, '400 InvalidParameterValue'],
    ['100 ids not', { instanceIds: hundred }, 'no error'],
    ['ids and a page size', { instanceIds: ['i-1'], maxResults: 5 }, '400 InvalidParameterCombination'],
    ['an unknown id', { instanceIds: ['i-404'] }, '400 InvalidInstanceID.NotFound'],
    ['a token of its own making', { nextToken: 'mine' }, '400 InvalidNextToken'],
  ])('refuse %s', (_, query, expected) => {
    const refusal = (() => {
      try {
        fleetOf(['i-1']).fleet.describeStatus('eu-west-1', query);
      } catch (error) {
        return error instanceof AwsError ? `${error.status} ${error.code}` : String(error);
      }
      return 'no error';
    })();
    expect(refusal).toBe(expected);
  });

  test('are refused in a region that is not enabled', () => {
    expect(() => fleetOf([]).fleet.describeStatus('af-south-1')).toThrow('not enabled');
  });

  test('leave out managed instances that the account hides, as listings do', () => {
    const { clock, fleet } = fleetOf(['i-own']);
    fleet.launch('eu-west-1', { instanceId: 'i-managed', operator: 'eks.amazonaws.com' });
    clock.pass(60);
    expect(pages(fleet)).toEqual([['i-own']]);
    expect(pages(fleet, { includeManagedResources: true })).toEqual([['i-own', 'i-managed']]);
    fleet.managedVisibility = 'unsupported';
    expect(pages(fleet)).toEqual([['i-own', 'i-managed']]);
    expect(() => fleet.describeStatus('eu-west-1', { includeManagedResources: true })).toThrow('not recognized');
  });

  describe('that are disturbed', () => {
    const shown = (fleet: Fleet, check = 'system') =>
      fleet.describeStatus('eu-west-1').statuses[0]?.health.checks[check];

    test('show health as it was, and the state as it is', () => {
      const { clock, fleet } = fleetOf(['i-1']);
      fleet.disturb('i-1', { kind: 'stale-health', seconds: 30, until: clock.now() + 60_000 });
      fleet.impair('i-1', 'system');
      clock.pass(29);
      expect(shown(fleet)?.status).toBe('ok');
      expect(statuses(fleet)['system']).toBe('impaired');
      clock.pass(1);
      expect(shown(fleet)?.status).toBe('impaired');
      fleet.recover('i-1', 'system');
      clock.pass(29);
      expect(shown(fleet)?.status).toBe('impaired');
      clock.pass(1);
      expect(shown(fleet)?.status).toBe('ok');
    });

    test('show health of the life before, or that it only began', () => {
      const { clock, fleet } = fleetOf(['i-1']);
      fleet.impair('i-1', 'system');
      clock.pass(1);
      fleet.stop('i-1');
      clock.pass(30);
      fleet.start('i-1');
      clock.pass(15);
      const since = clock.now();
      const stale = (seconds: number, check?: string) => {
        fleet.disturb('i-1', { kind: 'stale-health', seconds, until: clock.now() + 1 });
        const status = shown(fleet, check)?.status;
        clock.pass(0.001);
        return status;
      };
      expect(stale(45.5)).toBe('impaired');
      expect(stale(45.5, 'instance')).toBe('ok');
      expect(stale(20)).toBe('not-applicable');
      expect(stale(46 + 3600)).toBe('not-applicable');
      expect(stale(7200)).toBeUndefined();
      clock.pass(200);
      expect(clock.now()).toBeGreaterThan(since + 200_000);
      expect(shown(fleet)?.status).toBe('ok');
      expect(stale(100)).toBe('initializing');
    });

    test('leave out an instance, whose state is listed as ever', () => {
      const { clock, fleet } = fleetOf(['i-1', 'i-2']);
      fleet.disturb('i-1', { kind: 'no-health', until: clock.now() + 1000 });
      expect(pages(fleet)).toEqual([['i-2']]);
      expect(fleet.describe('eu-west-1').instances).toHaveLength(2);
      clock.pass(1);
      expect(pages(fleet)).toEqual([['i-1', 'i-2']]);
    });

    test('do not disturb listings by stale health', () => {
      const { clock, fleet } = fleetOf(['i-1']);
      fleet.disturb('i-1', { kind: 'stale-health', seconds: 5000, until: clock.now() + 1000 });
      fleet.stop('i-1');
      expect(fleet.describe('eu-west-1').instances).toMatchObject([{ state: 'stopping' }]);
    });

    test('show the state as late as listings do', () => {
      const { clock, fleet } = fleetOf(['i-1']);
      fleet.disturb('i-1', { kind: 'lag', seconds: 10, until: clock.now() + 60_000 });
      fleet.stop('i-1');
      expect(pages(fleet)).toEqual([['i-1']]);
      clock.pass(10);
      expect(pages(fleet)).toEqual([[]]);
    });
  });
});
