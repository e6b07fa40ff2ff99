import type { MemberAccounts } from '../../lambda/contract/accounts.ts';
import { DOCS } from '../published-docs.ts';
import { type BilledFleet, type Deployment, dollarsOf, monthlyBill } from './bill.ts';

/** What is known of a deployment at synth. */
export interface PlannedDeployment extends Deployment {
  readonly regions: 'all' | readonly string[];
  /** Whether instances are also counted by the tag that groups them. */
  readonly groupMetrics: boolean;
  /** How other accounts are watched. `undefined`: only that of the stack is. */
  readonly members?: Pick<MemberAccounts, 'accountMetrics'> | undefined;
}

/** Regions that every new account has enabled. "AWS Regions", AWS Account Management Reference Guide. */
const REGIONS_OF_A_NEW_ACCOUNT = 17;

/** Assumed for each region with instances: instances that fit into a page, and a change every two hours. */
const USUAL = { instances: 500, changedLooks: 365 } as const;

/** One line on what a deployment will cost a month: what is known, and what each unknown thing adds. */
export function costLine({ regions, groupMetrics, members, ...deployment }: PlannedDeployment): string {
  const watched = regions === 'all' ? REGIONS_OF_A_NEW_ACCOUNT : regions.length;
  const cost = (regionsWithInstances: number, groups = 0): number => {
    const instances = USUAL.instances * regionsWithInstances;
    const changedLooks = USUAL.changedLooks * regionsWithInstances;
    return dollarsOf(
      monthlyBill(deployment, { regions: watched, regionsWithInstances, groups, instances, changedLooks }),
    );
  };
  /** With the same instances: what another account adds by being there. */
  const quiet = (more: Partial<BilledFleet>): number =>
    dollarsOf(
      monthlyBill(deployment, { regions: watched, regionsWithInstances: 1, instances: USUAL.instances, ...more }),
    );
  const parts = [
    `About $${toTenCents(cost(1))} a month with instances in one region`,
    ...(watched === 1 ? [] : [`$${toTenCents(cost(2) - cost(1))} for each further one`]),
    ...(groupMetrics ? [`$${toTenCents(cost(1, 1) - cost(1))} for each group in each`] : []),
    ...(members === undefined
      ? []
      : [`$${toTenCents(quiet({ accounts: 11 }) / 10 - quiet({}) / 10)} for each further account`]),
    ...(members?.accountMetrics
      ? [`$${toTenCents(quiet({ accountsCounted: 1 }) - quiet({}))} for each that is counted`]
      : []),
  ];
  return `${parts.join(', ')}; list prices, no free tier: ${DOCS}/cost.md`;
}

/** An estimate knows no more than that. */
function toTenCents(dollars: number): string {
  return (Math.round(dollars * 10) / 10).toFixed(2);
}
