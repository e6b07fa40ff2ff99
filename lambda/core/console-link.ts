import { CONSOLE_DOMAINS } from '../contract/console.ts';

/** Address of the console page of an instance. Partitions that are not public have none that we know: `undefined`. */
export function consoleLink(partition: string, region: string, instance: string): string | undefined {
  const domain = CONSOLE_DOMAINS[partition];
  if (domain === undefined) return undefined;
  return `https://${region}.${domain}/ec2/home?region=${region}#InstanceDetails:instanceId=${instance}`;
}
