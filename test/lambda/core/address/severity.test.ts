import { CAUSES } from '../../../../lambda/contract/message.ts';
import { SEVERITY_OF_CAUSE, severityOf } from '../../../../lambda/core/address/severity.ts';

it('every cause has its severities', () => {
  expect(Object.keys(SEVERITY_OF_CAUSE).sort()).toEqual([...CAUSES].sort());
});

describe('a severity rule of the user', () => {
  const rule = { cause: 'guest-os', from: 'running', to: 'stopped', severity: 'critical' } as const;

  it('counts for the changes that it fits, the last one first', () => {
    expect(severityOf('guest-os', { from: 'running', to: 'stopped' }, [rule])).toBe('critical');
    expect(severityOf('guest-os', { from: 'running', to: 'terminated' }, [rule])).toBe('warning');
    expect(severityOf('api-call', { from: 'running', to: 'stopped' }, [rule])).toBe('warning');
    const quiet = { ...rule, from: '*', to: '*', severity: 'info' } as const;
    expect(severityOf('guest-os', { from: 'running', to: 'stopped' }, [rule, quiet])).toBe('info');
  });
});
