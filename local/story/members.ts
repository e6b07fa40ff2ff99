import { Accounts, type Role } from '../model/accounts.ts';
import { Cloud, type CloudSettings } from '../model/cloud.ts';
import { Organization } from '../model/organization.ts';
import type { Event } from './plot.ts';

/** An account besides that of the monitor. */
export interface MemberAccount {
  readonly cloud: Cloud;
  readonly name: string;
  /** Whether it lets the monitor look now. The story changes it as it goes. */
  isOpen: boolean;
}

/** What else a company has: an organization, its accounts, and what happens in them. */
export interface Company {
  readonly accounts: Accounts;
  readonly members: readonly MemberAccount[];
  readonly events: readonly Event[];
}

const NAMES = ['sandbox', 'acquired', 'legacy'];

/**
 * Further accounts of a company, each with a few machines: `sandbox` takes the permission away for a while, `acquired` has the role
 * only later, `legacy` is suspended. In the others, a machine is stopped.
 *
 * @param home the account of the monitor
 * @param role what each of them lets the monitor do
 * @param settings of each account, besides its id
 * @param sweeps over how many sweeps what happens is spread
 */
export function company(
  home: Cloud,
  count: number,
  role: Role,
  settings: (index: number) => CloudSettings,
  region: string,
  sweeps: number,
): Company {
  const organization = new Organization({ id: home.account, name: 'main', state: 'ACTIVE' });
  const members = Array.from({ length: count }, (_, index): MemberAccount => {
    const cloud = new Cloud({ ...settings(index), account: String(111_122_223_333 + index * 111_111_111_111) });
    const name = NAMES[index] ?? `team-${index + 1}`;
    organization.addAccount({ id: cloud.account, name, state: 'ACTIVE' });
    return { cloud, name, isOpen: name !== 'acquired' };
  });
  const accounts = new Accounts(
    home,
    members.map(({ cloud }) => cloud),
    organization,
  );
  const events = members.flatMap((member) => {
    if (member.isOpen) accounts.addRole(member.cloud.account, role);
    return eventsIn(member, { accounts, organization, role, region, sweeps });
  });
  return { accounts, members, events };
}

interface Stage {
  readonly accounts: Accounts;
  readonly organization: Organization;
  readonly role: Role;
  readonly region: string;
  readonly sweeps: number;
}

function eventsIn(member: MemberAccount, { accounts, organization, role, region, sweeps }: Stage): Event[] {
  const { cloud, name } = member;
  const { fleet, account } = cloud;
  const [web, , worker] = ['web', 'db', 'worker'].map((purpose) =>
    fleet.launch(region, { name: `${name}-${purpose}` }),
  );
  const event = (share: number, second: number, title: string, happen: () => void): Event => ({
    sweep: Math.round(share * sweeps),
    second,
    title,
    happen,
  });
  const stops = (share: number, id = '') =>
    event(share, 35, `In the account ${name}, a machine is stopped`, () => fleet.stop(id));
  const may = (isOpen: boolean) => {
    accounts.addRole(account, isOpen ? role : { ...role, permissions: [] });
    member.isOpen = isOpen;
  };
  switch (name) {
    case 'sandbox':
      return [
        stops(0.14, web),
        event(0.36, 10, 'The owner of the account sandbox takes the permission from its role', () => may(false)),
        event(0.38, 15, '... and stops another machine, which nobody can see', () => fleet.stop(worker ?? '')),
        event(0.47, 25, 'The owner of the account sandbox gives the permission back', () => may(true)),
      ];
    case 'acquired':
      return [event(0.18, 40, 'The account acquired gets its role', () => may(true)), stops(0.52, web)];
    case 'legacy':
      return [
        stops(0.33, web),
        // While the monitor is down: it is refused when it is up again, asks which accounts there are, and learns why.
        event(0.72, 20, '... the account legacy is suspended', () => {
          organization.setState(account, 'SUSPENDED');
          member.isOpen = false;
        }),
      ];
    default:
      return [stops(0.6, web)];
  }
}
