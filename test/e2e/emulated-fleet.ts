import type { Aws } from './aws.ts';

interface Described {
  readonly InstanceId: string;
  readonly LaunchTime: string;
  readonly State: { readonly Name: string };
}

/** What an instance is for. */
export type EnvironmentTag = 'prod' | 'staging' | 'sandbox' | 'untagged';

/** Instances by their names, through the EC2 API of the emulator. */
export class EmulatedFleet {
  readonly #aws: Aws;
  readonly #known = new Map<string, { readonly id: string; readonly region: string }>();

  constructor(aws: Aws) {
    this.#aws = aws;
  }

  /**
   * Launches one instance for each name.
   *
   * @param environments by name, what the tag `env` says; `untagged`: there is none
   */
  async launch(region: string, environments: Readonly<Record<string, EnvironmentTag>>): Promise<void> {
    for (const [name, env] of Object.entries(environments)) {
      const Tags = [{ Key: 'Name', Value: name }, ...(env === 'untagged' ? [] : [{ Key: 'env', Value: env }])];
      const { Instances } = await this.#aws.call<{ Instances: Described[] }>(
        'ec2',
        'run_instances',
        {
          ImageId: 'ami-0e2e0e2e0e2e0e2e0',
          InstanceType: 't4g.nano',
          MinCount: 1,
          MaxCount: 1,
          TagSpecifications: [{ ResourceType: 'instance', Tags }],
        },
        { region },
      );
      const [launched] = Instances;
      if (launched === undefined) throw new Error(`EC2 launched no instance for ${name}.`);
      this.#known.set(name, { id: launched.InstanceId, region });
    }
  }

  stop = (name: string) => this.#change('stop_instances', name);
  start = (name: string) => this.#change('start_instances', name);
  terminate = (name: string) => this.#change('terminate_instances', name);

  /** When an instance was last started, as EC2 says. */
  async launchTime(name: string): Promise<string> {
    const { id, region } = this.#find(name);
    const { Reservations } = await this.#aws.call<{ Reservations: { Instances: Described[] }[] }>(
      'ec2',
      'describe_instances',
      { InstanceIds: [id] },
      { region },
    );
    return Reservations[0]?.Instances[0]?.LaunchTime ?? '';
  }

  /** Id of an instance. */
  idOf(name: string): string {
    return this.#find(name).id;
  }

  /** Name of an instance. */
  nameOf(id: string): string {
    return [...this.#known].find(([, known]) => known.id === id)?.[0] ?? id;
  }

  #find(name: string): { readonly id: string; readonly region: string } {
    const known = this.#known.get(name);
    if (known === undefined) throw new Error(`Nothing was launched as ${name}.`);
    return known;
  }

  async #change(operation: string, name: string): Promise<void> {
    const { id, region } = this.#find(name);
    await this.#aws.call('ec2', operation, { InstanceIds: [id] }, { region });
  }
}
