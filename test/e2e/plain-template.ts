import { deepEqual, equal, ok } from 'node:assert/strict';
import { join } from 'node:path';
import { EmulatedDeployment } from './emulated-deployment.ts';
import { departure, readSeries, seriesKey } from './metrics.ts';
import { HOME_REGION } from './ministack.ts';
import { Rehearsal } from './rehearsal.ts';
import { quoted, type Shell } from './shell.ts';
import { allowMetrics, type Props } from './story.ts';
import { templateForMiniStack } from './template-for-ministack.ts';

const PLAIN = 'Plain';

/** Runs the commands of docs/without-cdk.md for a second stack, lets it sweep, and removes it again. */
export async function checkPlainTemplate(props: Props, shell: Shell, home: string): Promise<void> {
  const { aws, checks } = props;
  const Bucket = 'e2e-code';
  const folder = join(home, 'desk', 'template');
  const settings = `--out ${quoted(folder)} -c namespace=${PLAIN} -c regions=${HOME_REGION}`;
  const rehearsal = new Rehearsal('without-cdk.md', shell, checks);
  await rehearsal.run([{ of: 'npm run', given: { '--': `-- ${settings}` } }], 'CODE_BUCKET=');
  templateForMiniStack(join(folder, 'template.json'));
  await aws.call('s3', 'create_bucket', { Bucket });
  await rehearsal.run(
    [{ of: 'cloudformation deploy', given: { 'YOUR-BUCKET': Bucket, Ec2StateMonitor: PLAIN } }],
    'delete-stack',
  );

  const deployment = await EmulatedDeployment.read(aws, PLAIN);
  await allowMetrics(props, deployment, true);
  const since = Date.now();
  const report = await deployment.sweep();
  await checks.check('its function sweeps, and writes metrics of its own namespace', async () => {
    deepEqual([report.regions, report.failed], [1, []]);
    const series = await readSeries(aws, since, PLAIN);
    deepEqual(
      series.flatMap((each) => departure(each) ?? []),
      [],
    );
    ok(series.some((each) => seriesKey(each) === 'Sweeps' && each.sum >= 1));
    ok(series.some((each) => seriesKey(each) === `Instances{Region=${HOME_REGION},State=running}` && each.maximum > 0));
  });
  await allowMetrics(props, deployment, false);
  await rehearsal.run([{ of: 'delete-stack', given: { Ec2StateMonitor: PLAIN } }]);
  await checks.check('gone: its stack', async () => {
    const code = await aws.refusal('cloudformation', 'describe_stacks', { StackName: PLAIN });
    equal(code, 'ValidationError');
  });
}
