import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FunctionProcess } from '../../local/function/process.ts';
import { closeDeployed, deploy, removeSynthesized, synthesizeWithBundle } from './deployed.ts';

const folder = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-'));
afterAll(closeDeployed);
afterAll(removeSynthesized);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  { partition: 'aws-cn', region: 'cn-north-1', suffix: 'amazonaws.com.cn', domain: 'console.amazonaws.cn' },
  { partition: 'aws-us-gov', region: 'us-gov-west-1', suffix: 'amazonaws.com', domain: 'console.amazonaws-us-gov.com' },
  { partition: 'aws-eusc', region: 'eusc-de-east-1', suffix: 'amazonaws.eu', domain: 'console.amazonaws-eusc.eu' },
])('in $partition', ({ partition, region, suffix, domain }) => {
  const account = '123456789012';
  const synthesized = synthesizeWithBundle(
    { env: { account, region }, chat: true, architecture: 'x86_64' },
    { account, partition, region, stackName: 'Ec2StateMonitor' },
  );
  const { stack, template } = synthesized;
  const text = JSON.stringify(template);

  test('the template names no other partition, and principals as they are called everywhere', () => {
    expect(text).not.toMatch(/arn:aws[a-z-]*:/);
    const principals = [...text.matchAll(/"Service":"([^"]+)"/g)].map(([, service]) => service);
    expect(new Set(principals)).toEqual(
      new Set(['lambda', 'scheduler', 'cloudwatch', 'events'].map((service) => `${service}.amazonaws.com`)),
    );
    expect(text).toContain(`"${domain}"`);
  });

  test('messages go to its topics and lead to its console', async () => {
    const { cloud, tick } = await deploy(synthesized, {
      cloud: { regions: [{ name: region, optInStatus: 'opt-in-not-required' }] },
    });
    const id = cloud.fleet.launch(region, { name: 'web' });
    await tick();
    cloud.fleet.stop(id);
    expect(await tick()).toMatchObject({ value: { transitions: 1, failed: [] } });
    const published = cloud.topics.published();
    for (const { topicArn } of published) expect(topicArn).toMatch(`arn:${partition}:sns:${region}:${account}:`);
    const last = (topic: string) => published.filter(({ topicArn }) => topicArn.includes(topic)).at(-1)?.message ?? '';
    const page = `https://${region}.${domain}/ec2/home?region=${region}#InstanceDetails:instanceId=${id}`;
    expect(JSON.parse(last('TopicsTransitions')).transitions[0].consoleUrl).toBe(page);
    for (const topic of ['TopicsAlerts', 'TopicsChat']) expect(last(topic)).toContain(page);
  });

  test('the function calls its endpoints', async () => {
    // In the place of a network: writes down who is asked for.
    const asked = join(folder, `${partition}.txt`);
    const hook = join(folder, `${partition}.mjs`);
    writeFileSync(
      hook,
      `import { appendFileSync } from 'node:fs';
       import dns from 'node:dns';
       dns.lookup = (name, options, done) => {
         appendFileSync(${JSON.stringify(asked)}, name + '\\n');
         process.nextTick(done, new Error('no network'));
       };`,
    );
    const fn = new FunctionProcess(
      {
        ...stack.function,
        environment: { ...stack.function.environment, NODE_OPTIONS: `--import ${pathToFileURL(hook)}` },
      },
      { AWS_REGION: region, AWS_ACCESS_KEY_ID: 'AKIASIMULATED', AWS_SECRET_ACCESS_KEY: 'simulated' },
    );
    await fn.invoke({}, Date.UTC(2026, 10, 22));
    await fn.invoke({ test: true }, Date.UTC(2026, 10, 22));
    await fn.stop();
    const hosts = ['ec2', 'monitoring', 'sns', `${stack.bucket}.s3`].map((service) => `${service}.${region}.${suffix}`);
    expect(new Set(readFileSync(asked, 'utf8').trim().split('\n'))).toEqual(new Set(hosts));
  });
});
