import type { DigestEntry, Holdable } from '../../../../lambda/core/known/announcement.ts';
import { digest } from '../../../../lambda/core/tell/digest.ts';
import { baseline, circumstances, compare, lookAt, MINUTE, SCOPE, sight, T0 } from '../sights.ts';

const PLACE = { ...SCOPE, partition: 'aws', timezone: 'UTC', runbook: 'https://example.com/runbook' };

const entryOf = (of: Holdable): DigestEntry => {
  const { id, sequence, generation, before, severity, owed } = of;
  return { kind: 'digest', id, sequence, generation, before, severity, owed, subject: SCOPE, of, page: 0 };
};

it('a digest of many makes only the lines that it shows', () => {
  const ids = Array.from({ length: 500 }, (_, index) => `i-${index}`);
  const running = baseline(...ids.map((id) => sight(id, 'running')));
  const { transitions } = compare(
    running,
    lookAt(
      T0 + MINUTE,
      ids.map((id) => sight(id, 'stopped')),
    ),
    circumstances(),
  );
  let named = 0;
  const [first, ...others] = transitions.map((of) => {
    const subject = Object.defineProperty({ ...of.subject }, 'name', {
      get: () => {
        named += 1;
        return 'web';
      },
    });
    return entryOf({ ...of, subject });
  });
  if (first === undefined) throw new Error('Nothing was found.');
  const { subject, body } = digest.people?.mail([first, ...others], PLACE) ?? {};
  expect(subject).toBe('[warning] After a silence: 500 instances changed');
  expect(body).toContain('and 480 more');
  expect(named).toBe(20);
});
