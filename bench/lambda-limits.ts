import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Start } from './processes.ts';

/**
 * How Lambda starts Node.js: 5 % of the memory for a semi-space (the young generation has three), 90 % for the old generation.
 * AWS does not document it. Published copies of the bootstrap of its runtimes do it.
 */
export function heapFlags(memoryMb: number): string[] {
  return [`--max-semi-space-size=${Math.floor(0.05 * memoryMb)}`, `--max-old-space-size=${Math.floor(0.9 * memoryMb)}`];
}

/** Lambda gives one vCPU for this memory, and less in proportion. "Configure Lambda function memory", Lambda Developer Guide. */
export const MB_PER_VCPU = 1769;

/** A control group of Linux: its folder, and what is written into its files. */
interface ControlGroup {
  readonly folder: string;
  readonly limits: Readonly<Record<string, string>>;
}

const ROOT = '/sys/fs/cgroup';
const PERIOD_US = 100_000;

/** The groups that hold a process to a memory and its share of a CPU: one in version 2, one for each controller in version 1. */
function controlGroups(memoryMb: number): ControlGroup[] {
  const name = `ec2-state-monitor-bench-${process.pid}`;
  const bytes = String(memoryMb * 2 ** 20);
  const quota = String(Math.round((PERIOD_US * memoryMb) / MB_PER_VCPU));
  if (existsSync(join(ROOT, 'cgroup.controllers'))) {
    return [{ folder: join(ROOT, name), limits: { 'memory.max': bytes, 'cpu.max': `${quota} ${PERIOD_US}` } }];
  }
  return [
    { folder: join(ROOT, 'memory', name), limits: { 'memory.limit_in_bytes': bytes } },
    { folder: join(ROOT, 'cpu', name), limits: { 'cpu.cfs_period_us': String(PERIOD_US), 'cpu.cfs_quota_us': quota } },
  ];
}

function remove(groups: readonly ControlGroup[]): void {
  for (const { folder } of groups) if (existsSync(folder)) rmdirSync(folder);
}

/** How to start a process under Lambda's limits. */
export interface LambdaLimits extends Pick<Start, 'flags' | 'controlGroups'> {
  /** Which of the limits hold, for the report. */
  readonly held: string;
}

/**
 * Lends the limits of a Lambda function of this memory: the heap always, memory and CPU where this user may make control
 * groups. The work must have ended its processes when it is done.
 */
export async function withLambdaLimits<T>(memoryMb: number, work: (limits: LambdaLimits) => Promise<T>): Promise<T> {
  const flags = heapFlags(memoryMb);
  const groups = controlGroups(memoryMb);
  let limits: LambdaLimits;
  try {
    for (const { folder, limits } of groups) {
      mkdirSync(folder);
      for (const [file, value] of Object.entries(limits)) writeFileSync(join(folder, file), value);
    }
    const share = (memoryMb / MB_PER_VCPU).toFixed(2);
    limits = {
      flags,
      controlGroups: groups.map(({ folder }) => folder),
      held: `heap, ${memoryMb} MB and ${share} of a CPU`,
    };
  } catch (error) {
    remove(groups);
    limits = { flags, held: `the heap of ${memoryMb} MB only, no control group (${(error as Error).message})` };
  }
  try {
    return await work(limits);
  } finally {
    remove(groups);
  }
}
