import { resources, synthesize } from './synthesize.ts';

const queries = Object.values(resources(synthesize({ namespace: 'Staging' }), 'AWS::Logs::QueryDefinition'));

test('the queries that are asked again and again are saved in a folder of this deployment, for its log', () => {
  expect(queries.map(({ Properties }) => Properties.Name)).toEqual([
    'Staging/History of one instance',
    'Staging/Everything in the time shown',
    'Staging/What is wrong, and what is ahead',
    'Staging/Silences',
    'Staging/Most restless instances',
    'Staging/Spot interruptions',
  ]);
  for (const { Properties } of queries) {
    expect(Properties.LogGroupNames).toEqual([{ Ref: expect.stringMatching('SweeperLogs') }]);
  }
});

test.each([
  [
    'History of one instance',
    'filter message.event = "transition" and message.instance = "i-PUT ITS ID HERE"',
    'sort @timestamp asc',
    'limit 1000',
  ],
  [
    'Everything in the time shown',
    'filter message.event in ["transition", "condition", "scope", "announcement"] or level in ["WARN", "ERROR"]',
    'sort @timestamp asc',
    'limit 1000',
  ],
  ['What is wrong, and what is ahead', 'filter message.event = "condition"', 'sort @timestamp desc', 'limit 1000'],
  ['Silences', 'filter message.event in ["silence", "silences"]', 'sort @timestamp desc', 'limit 1000'],
  [
    'Most restless instances',
    'filter message.event = "transition"',
    'stats count(*) as transitions, latest(message.to) as last by message.region, message.name, message.instance',
    'sort transitions desc',
    'limit 25',
  ],
  [
    'Spot interruptions',
    'filter message.event = "transition" and message.cause = "spot-interruption"',
    'sort @timestamp desc',
    'limit 1000',
  ],
])('%s: asks for what its name says', (name, ...clauses) => {
  const query: string = queries.find(({ Properties }) => Properties.Name === `Staging/${name}`)?.Properties.QueryString;
  expect(query.split('\n| ').filter((clause) => !clause.startsWith('fields '))).toEqual(clauses);
});
