import { type Due, withoutStaleReminders } from '../../../../lambda/core/address/reminders.ts';
import type { ReminderAnnouncement } from '../../../../lambda/core/known/announcement.ts';
import type { Instance } from '../../../../lambda/core/known/instance.ts';
import { baseline, SCOPE, sight, T0 } from '../sights.ts';

const due = (subject: Instance): Due => ({
  kind: 'reminder',
  id: `reminder-${subject.id}`,
  sequence: 0,
  generation: 1,
  subject,
  scope: SCOPE,
  condition: { type: 'stopped', of: 'stopped' },
  began: { before: T0 },
  before: T0,
});

const waiting = (subject: Instance): ReminderAnnouncement => ({ ...due(subject), severity: 'info', owed: ['Alerts'] });

it('a newer reminder takes the place of the one that waits, at a cost that grows with their number only', () => {
  let asked = 0;
  const counting = (id: string): Instance =>
    Object.defineProperty(sight(id, 'stopped'), 'id', {
      get: () => {
        asked += 1;
        return id;
      },
    });
  const ids = Array.from({ length: 300 }, (_, index) => `i-${index}`);
  const snapshot = baseline(...ids.map((id) => sight(id, 'stopped')), sight('i-other', 'stopped'));
  const other = waiting(sight('i-other', 'stopped'));
  const outbox = [...ids.map((id) => waiting(counting(id))), other];
  const newer = ids.map((id) => due(counting(id)));
  asked = 0;
  expect(withoutStaleReminders(outbox, snapshot, newer)).toEqual([other]);
  expect(asked).toBeLessThan(10 * ids.length);
});
