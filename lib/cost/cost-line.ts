import { DOCS } from '../published-docs.ts';
import { monthlyCost } from './bill.ts';
import type { Deployment } from './usage.ts';

/** What is known of a deployment before there is one. */
export interface Planned extends Pick<Deployment, 'everyMinutes' | 'alarmMetrics' | 'topics' | 'keyVersions'> {
  readonly regions: 'all' | readonly string[];
  /** Whether instances are also counted by the tag that groups them. */
  readonly groupMetrics: boolean;
}

/** Regions that every new account has enabled. "AWS Regions", AWS Account Management Reference Guide. */
const REGIONS_OF_A_NEW_ACCOUNT = 17;

/** What is taken for the ways of a region: instances that fit into a page, and a change every two hours. */
const USUAL = { instances: 500, changedLooks: 365 } as const;

/** One line on what a deployment will cost a month: what is known, and what each thing adds that is not known yet. */
export function costLine({ regions, groupMetrics, ...planned }: Planned): string {
  const watched = regions === 'all' ? REGIONS_OF_A_NEW_ACCOUNT : regions.length;
  const cost = (regionsWithInstances: number, groups = 0): number =>
    monthlyCost({
      ...planned,
      regions: watched,
      regionsWithInstances,
      groups,
      instances: USUAL.instances * regionsWithInstances,
      changedLooks: USUAL.changedLooks * regionsWithInstances,
    }).dollars;
  const parts = [
    `About $${toTenCents(cost(1))} a month with instances in one region`,
    ...(watched === 1 ? [] : [`$${toTenCents(cost(2) - cost(1))} for each further one`]),
    ...(groupMetrics ? [`$${toTenCents(cost(1, 1) - cost(1))} for each group in each`] : []),
  ];
  return `${parts.join(', ')}; list prices, no free tier: ${DOCS}/cost.md`;
}

/** More would be more than an estimate knows. */
function toTenCents(dollars: number): string {
  return (Math.round(dollars * 10) / 10).toFixed(2);
}
