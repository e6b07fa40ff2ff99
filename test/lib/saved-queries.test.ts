import { resources, synthesize } from './synthesize.ts';

test('the queries that are asked again and again are saved in a folder of this deployment, for its log', () => {
  const queries = Object.values(resources(synthesize({ namespace: 'Staging' }), 'AWS::Logs::QueryDefinition'));
  expect(queries.map(({ Properties }) => Properties.Name)).toEqual([
    'Staging/History of one instance',
    'Staging/Everything in the time shown',
    'Staging/Most restless instances',
    'Staging/Spot interruptions',
  ]);
  for (const { Properties } of queries) {
    expect(Properties.LogGroupNames).toEqual([{ Ref: expect.stringMatching('SweeperLogs') }]);
  }
});
