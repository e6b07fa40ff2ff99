import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandOptions, run } from './commands.ts';
import { STACK } from './emulated-deployment.ts';

const ROOT = join(import.meta.dirname, '../..');
const CLI = join(ROOT, 'node_modules/aws-cdk/bin/cdk');

const UNKNOWN_TO_MINISTACK = ['AWS::Logs::QueryDefinition'];

interface Resource {
  readonly Type: string;
  readonly Properties: {
    readonly Metrics?: readonly { readonly MetricStat?: { Metric: object; Period: number; Stat: string } }[];
  };
}

/** An alarm on an expression of one metric, as an alarm on that metric. */
function withoutMetricMath(resource: Resource): Resource {
  const { Metrics = [], ...properties } = resource.Properties;
  const query = Metrics.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat;
  if (resource.Type !== 'AWS::CloudWatch::Alarm' || query === undefined) return resource;
  const { Metric, Period, Stat: Statistic } = query;
  return { ...resource, Properties: { ...properties, ...Metric, Period, Statistic } as Resource['Properties'] };
}

/** The pinned CDK CLI on this project's app, as a user runs it. */
export class Cdk {
  readonly #options: CommandOptions;
  readonly #output: string;

  /** @param output the folder for what is synthesized */
  constructor(env: NodeJS.ProcessEnv, output: string, signal: AbortSignal) {
    this.#options = { env: { ...env, CDK_DISABLE_CLI_TELEMETRY: 'true', CI: 'true' }, cwd: ROOT, signal };
    this.#output = output;
  }

  /**
   * Runs one command of it.
   *
   * @throws Error with all that it said, when it fails
   */
  async run(...args: readonly string[]): Promise<string> {
    const all = ['--no-notices', '--no-color', ...args];
    const { code, output } = await run(process.execPath, [CLI, ...all], this.#options);
    this.#options.signal.throwIfAborted();
    if (code !== 0) throw new Error(`cdk ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  /**
   * `cdk synth` with some settings, and `cdk deploy` of what comes of it, without the resources that MiniStack knows
   * nothing of: it would refuse the template. It knows no metric math either: alarms watch the metric itself. See DIFFERENCES.md.
   *
   * @returns the logical ids of what was left out
   */
  async deploy(settings: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const context = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    await this.run('synth', '--quiet', '--output', this.#output, ...context);
    const file = join(this.#output, `${STACK}.template.json`);
    const template: { Resources: Record<string, Resource> } = JSON.parse(readFileSync(file, 'utf8'));
    const known = Object.entries(template.Resources)
      .filter(([, { Type }]) => !UNKNOWN_TO_MINISTACK.includes(Type))
      .map(([id, resource]) => [id, withoutMetricMath(resource)] as const);
    writeFileSync(file, JSON.stringify({ ...template, Resources: Object.fromEntries(known) }, undefined, 1));
    await this.run('deploy', '--app', this.#output, '--require-approval', 'never');
    return Object.keys(template.Resources).filter((id) => !known.some(([other]) => other === id));
  }
}
