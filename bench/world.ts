/** What the server serves from now on. */
export interface Control {
  /** How many there are in each region that is `populated`, of every account. */
  readonly instances: number;
  /** How many regions of an account, from the first, have instances. Default: all. */
  readonly populated: number;
  /** How many of the instances, from the first, are stopped. */
  readonly stopped: number;
  /** How long each answer takes. */
  readonly latencyMs: number;
  /** Which services take that long. Default: all. */
  readonly slow: readonly string[];
  /** The account to which EC2 never answers. */
  readonly silent: string;
  /** Whether SNS refuses what is published. */
  readonly refusing: boolean;
}

/** A call that reached the server. */
export interface MeasuredCall {
  /** The name under which it was signed. */
  readonly service: string;
  /** Empty: it concerns no region alone. */
  readonly region: string;
  /** How long the request was. */
  readonly bytes: number;
  /** When it arrived, in milliseconds. */
  readonly at: number;
}

/** The accounts that the server has besides the home account. */
export const memberId = (index: number): string => String(200_000_000_000 + index);

/** What one unit of work cost. */
export interface Cost {
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** What one sweep cost, and what came of it. */
export interface MeasuredSweep extends Cost {
  /** `null`: not known. */
  readonly pending: number | null;
  /** How many regions failed. */
  readonly failed: number;
  readonly transitions: number;
  readonly messages: number;
}

/** What a process measured: each run, and the most memory that the operating system saw it use. */
export interface Measured<R extends Cost = Cost> {
  readonly runs: readonly R[];
  readonly peakRssMb: number;
  /** The calls of the last run. */
  readonly calls: readonly MeasuredCall[];
}

/** What a process measured of rounds in shards. `wallMs`: if all shards are looked at at once. */
export type MeasuredRounds = Measured<Cost & { readonly shards: number }>;

/** Sets what is served. @returns the calls since the last time */
export async function set(url: string, control: Partial<Control>): Promise<MeasuredCall[]> {
  const answer = await fetch(`${url}/control`, { method: 'POST', body: JSON.stringify(control) });
  return (await answer.json()) as MeasuredCall[];
}

/** The most connections that the server had at once since the last time. */
export async function mostConnections(url: string): Promise<number> {
  return Number(await (await fetch(`${url}/connections`)).text());
}

/** Runs work, and what it cost this process. */
export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() - startedAt };
}

/** The most memory this process ever had, by the operating system. */
export function peakRssMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}
