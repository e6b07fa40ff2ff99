import fc from 'fast-check';
import { fits, parsePatterns, parseSeverityRules } from '../../../lambda/contract/announcing.ts';
import { CAUSES, SEVERITIES } from '../../../lambda/contract/message.ts';
import { STATES } from '../../../lambda/contract/states.ts';

const state = fc.constantFrom('*', 'none', 'frozen', ...STATES);
const pattern = fc.record({ from: state, to: state });
const rule = fc.record({
  from: state,
  to: state,
  cause: fc.constantFrom(...CAUSES),
  severity: fc.constantFrom(...SEVERITIES),
});

it('patterns and rules are read as they are written', () => {
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1 }), fc.array(rule), (patterns, rules) => {
      const change = ({ from, to }: { from: string; to: string }) => `${from}->${to}`;
      const written = rules.map((each) => `${each.cause}:${change(each)}=${each.severity}`);
      expect(parsePatterns(patterns.map(change).join(','))).toEqual(patterns);
      expect(parseSeverityRules(written.join(','))).toEqual(rules);
    }),
    { seed: 8, numRuns: 200 },
  );
});

it('a rule without a change of state is for all of them', () => {
  expect(parseSeverityRules('guest-os=critical, api-call:running->stopped=info')).toEqual([
    { cause: 'guest-os', from: '*', to: '*', severity: 'critical' },
    { cause: 'api-call', from: 'running', to: 'stopped', severity: 'info' },
  ]);
});

it.each([
  ['', "'' is not two states"],
  ['running', "'running' is not two states"],
  ['running->stopped,->', "'->' is not two states"],
  ['Running->stopped', "'Running->stopped' is not two states"],
])('%j is no pattern', (text, message) => {
  expect(() => parsePatterns(text)).toThrow(message);
});

it.each([
  ['weather=critical', 'cause is "weather": expected one of api-call, '],
  ['guest-os=loud', 'severity is "loud": expected one of info, warning, critical'],
  ['guest-os:running=info', "'guest-os:running=info' is not a rule such as guest-os=critical"],
])('%j is no rule', (text, message) => {
  expect(() => parseSeverityRules(text)).toThrow(message);
});

it('a pattern means the changes on which both its sides agree', () => {
  expect(fits({ from: '*', to: 'stopped' }, { from: 'running', to: 'stopped' })).toBe(true);
  expect(fits({ from: 'running', to: '*' }, { from: 'running', to: 'stopped' })).toBe(true);
  expect(fits({ from: 'running', to: 'stopped' }, { from: 'running', to: 'terminated' })).toBe(false);
  expect(fits({ from: 'none', to: '*' }, { from: 'running', to: 'stopped' })).toBe(false);
});
