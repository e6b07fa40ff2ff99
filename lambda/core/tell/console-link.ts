import { CONSOLE_DOMAINS } from '../../contract/console.ts';

/** Address of the console page of an instance. Partitions that are not public have none that we know: `undefined`. */
export function consoleLink(partition: string, region: string, instance: string): string | undefined {
  return page(partition, region, 'ec2', `InstanceDetails:instanceId=${instance}`);
}

/** Address of the console page that lists these instances. */
export function instancesLink(partition: string, region: string, instances: readonly string[]): string | undefined {
  return page(partition, region, 'ec2', `Instances:instanceId=${instances.join(',')}`);
}

/** Address of the console page that lists the instances of an Auto Scaling group. */
export function membersLink(partition: string, region: string, autoScalingGroup: string): string | undefined {
  const value = encodeURIComponent(autoScalingGroup);
  return page(partition, region, 'ec2', `Instances:tag:aws:autoscaling:groupName=${value}`);
}

/** Address of the console page that lists who did what to an instance. */
export function cloudTrailLink(partition: string, region: string, instance: string): string | undefined {
  return page(partition, region, 'cloudtrailv2', `/events?ResourceName=${instance}`);
}

function page(partition: string, region: string, service: string, fragment: string): string | undefined {
  const domain = CONSOLE_DOMAINS[partition];
  return domain === undefined ? undefined : `https://${region}.${domain}/${service}/home?region=${region}#${fragment}`;
}
