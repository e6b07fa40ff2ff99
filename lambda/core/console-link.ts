/** Domain of the AWS console by partition. "AWS Management Console" pages of each partition's user guide. */
const CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** Address of the console page of an instance. Partitions that are not public have none that we know: `undefined`. */
export function consoleLink(partition: string, region: string, instance: string): string | undefined {
  const domain = CONSOLES[partition];
  if (domain === undefined) return undefined;
  return `https://${region}.${domain}/ec2/home?region=${region}#InstanceDetails:instanceId=${instance}`;
}
