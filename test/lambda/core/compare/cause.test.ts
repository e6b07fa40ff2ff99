import { severityOf } from '../../../../lambda/core/address/severity.ts';
import { type Change, explain } from '../../../../lambda/core/compare/cause.ts';
import type { Instance, StateReason } from '../../../../lambda/core/known/instance.ts';
import { HOUR, MINUTE, sight, T0 } from '../sights.ts';

const stop = (reason: StateReason | undefined, facts: Partial<Instance> = {}, more: Partial<Change> = {}) => {
  const change: Change = {
    from: 'running',
    to: 'stopping',
    ofEarlierLife: false,
    after: T0,
    previousReason: undefined,
    seen: sight('i-1', 'stopping', { ...facts, reason }),
    ...more,
  };
  const explanation = explain(change);
  return { ...explanation, severity: severityOf(explanation.cause, change, []) };
};

describe('the twelve documented reason codes', () => {
  it.each([
    ['Server.InsufficientInstanceCapacity', 'capacity', 'critical'],
    ['Server.InternalError', 'internal-error', 'critical'],
    ['Server.ScheduledStop', 'scheduled-retirement', 'critical'],
    ['Server.SpotInstanceShutdown', 'spot-interruption', 'warning'],
    ['Server.SpotInstanceTermination', 'spot-interruption', 'warning'],
    ['Client.InstanceInitiatedShutdown', 'guest-os', 'warning'],
    ['Client.InstanceTerminated', 'unknown', 'warning'],
    ['Client.InternalError', 'launch-failure', 'critical'],
    ['Client.InvalidSnapshot.NotFound', 'launch-failure', 'critical'],
    ['Client.UserInitiatedHibernate', 'hibernation', 'info'],
    ['Client.UserInitiatedShutdown', 'api-call', 'warning'],
    ['Client.VolumeLimitExceeded', 'launch-failure', 'critical'],
  ])('%s is %s', (code, cause, severity) => {
    const reason = { code, text: `${code}: text` };
    expect(stop(reason)).toEqual({ cause, severity, reason });
  });
});

describe('a reason that says nothing known', () => {
  it('is unknown, with what AWS said kept', () => {
    const reason = { code: 'Server.MeteorStrike', text: 'Server.MeteorStrike: it glows' };
    expect(stop(reason)).toEqual({ cause: 'unknown', severity: 'warning', reason });
  });

  it.each(['constructor', 'toString', '__proto__'])('is unknown when its code is the word %s', (code) => {
    expect(stop({ code }).cause).toBe('unknown');
  });

  it('is unknown when it is empty', () => {
    expect(stop(undefined)).toEqual({ cause: 'unknown', severity: 'warning' });
  });
});

describe('Auto Scaling', () => {
  const member = { autoScalingGroup: 'web' };
  const called: StateReason = { code: 'Client.UserInitiatedShutdown', text: 'User initiated' };

  it('ends its members, though EC2 says that a user did', () => {
    expect(stop(called, member, { to: 'terminated' })).toMatchObject({ cause: 'auto-scaling', severity: 'info' });
  });

  it('does not stop them', () => {
    expect(stop(called, member, { to: 'stopped' }).cause).toBe('api-call');
  });

  it('is not blamed for what the guest did', () => {
    const reason = { code: 'Client.InstanceInitiatedShutdown' };
    expect(stop(reason, member, { to: 'terminated' }).cause).toBe('guest-os');
  });

  it('launches them', () => {
    expect(stop(undefined, member, { from: 'none', to: 'pending' }).cause).toBe('auto-scaling');
  });
});

describe('a start', () => {
  it('is an API call, whatever reason of an earlier stop is still on the instance', () => {
    const reason = { code: 'Server.ScheduledStop', text: 'old' };
    expect(stop(reason, {}, { from: 'stopped', to: 'running' })).toEqual({ cause: 'api-call', severity: 'info' });
  });

  it('of a spot instance that was stopped may be EC2 itself', () => {
    expect(stop(undefined, { lifecycle: 'spot' }, { from: 'stopped', to: 'pending' }).cause).toBe('unknown');
    expect(stop(undefined, { lifecycle: 'spot' }, { from: 'none', to: 'pending' }).cause).toBe('api-call');
  });
});

describe('only a reason that belongs to the transition counts', () => {
  const code = 'Client.UserInitiatedShutdown';

  it('not one from before the life that ends', () => {
    expect(stop({ code, at: T0 - 3 * HOUR })).toEqual({ cause: 'unknown', severity: 'warning' });
    expect(stop({ code, at: T0 - HOUR }).cause).toBe('api-call');
  });

  it('not that of the stop, when a stopped instance is terminated', () => {
    const seen = (reason: StateReason): Partial<Change> => ({
      from: 'stopped',
      to: 'terminated',
      seen: sight('i-1', 'terminated', { reason }),
    });
    const old = { code, at: T0 - HOUR };
    expect(stop(undefined, {}, { ...seen(old), previousReason: old }).cause).toBe('unknown');
    expect(stop(undefined, {}, seen(old)).cause).toBe('unknown');
    expect(stop(undefined, {}, { ...seen({ code, at: T0 + MINUTE }), previousReason: old }).cause).toBe('api-call');
    expect(stop(undefined, {}, { ...seen({ code }), previousReason: { code } }).cause).toBe('unknown');
    expect(stop(undefined, {}, { ...seen({ code }), previousReason: undefined }).cause).toBe('api-call');
  });

  it('for a stop that no look saw: one dated between the last look and the start, or one that was not there before', () => {
    const restarted = (reason: StateReason, previousReason?: StateReason) =>
      stop(
        undefined,
        {},
        {
          to: 'stopped',
          ofEarlierLife: true,
          previousReason,
          seen: sight('i-1', 'running', { launchTime: T0 + 10 * MINUTE, reason }),
        },
      ).cause;
    expect(restarted({ code, at: T0 + 5 * MINUTE })).toBe('api-call');
    expect(restarted({ code, at: T0 - HOUR })).toBe('unknown');
    expect(restarted({ code, at: T0 + HOUR })).toBe('unknown');
    expect(restarted({ code })).toBe('api-call');
    expect(restarted({ code }, { code })).toBe('unknown');
  });

  it('not that of the end of the present life, for the end of the one before', () => {
    const seen = sight('i-1', 'stopped', { launchTime: T0 + MINUTE, reason: { code, at: T0 + 2 * MINUTE } });
    expect(stop(undefined, {}, { to: 'stopped', ofEarlierLife: true, seen }).cause).toBe('unknown');
  });
});
