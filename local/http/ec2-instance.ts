import { STATES } from '../../lambda/contract/states.ts';
import type { InstanceRecord } from '../model/instance.ts';
import type { Xml } from './xml.ts';

/** The low byte is the state; no documented state has 255. "InstanceState", EC2 API Reference. */
const CODES: Readonly<Record<(typeof STATES)[number], number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** A state as EC2 writes it. */
export function stateXml(state: string): Xml {
  const known = STATES.find((each) => each === state);
  return { code: known === undefined ? 255 : CODES[known], name: state };
}

/** Instances in the form of `Reservations`: those that were launched together are in one. */
export function reservationsXml(
  instances: readonly InstanceRecord[],
  account: string,
): readonly { readonly [element: string]: Xml }[] {
  const reservations = new Map<string, InstanceRecord[]>();
  for (const instance of instances) {
    const together = reservations.get(instance.reservationId);
    if (together) {
      together.push(instance);
    } else {
      reservations.set(instance.reservationId, [instance]);
    }
  }
  return [...reservations].map(([reservationId, together]) => ({
    reservationId,
    ownerId: account,
    groupSet: '',
    instancesSet: { item: together.map((instance, index) => instanceXml(instance, account, index)) },
  }));
}

/** One instance with all elements that EC2 sends. A decoder must skip those that it does not read. */
function instanceXml(instance: InstanceRecord, account: string, launchIndex: number): Xml {
  const { instanceId, zone, privateIp, stateReason, lifecycle, operator } = instance;
  const launched = new Date(instance.launchTime).toISOString();
  const there = privateIp !== null;
  const suffix = instanceId.slice(2);
  const dnsName = there ? `ip-${privateIp.replaceAll('.', '-')}.${instance.region}.compute.internal` : '';
  const groups = there ? { item: [{ groupId: 'sg-0123456789abcdef0', groupName: 'default' }] } : '';
  return {
    instanceId,
    imageId: instance.ami,
    instanceState: stateXml(instance.state),
    privateDnsName: dnsName,
    dnsName: '',
    reason: instance.transitionReason,
    keyName: 'local',
    amiLaunchIndex: launchIndex,
    productCodes: '',
    instanceType: instance.type,
    launchTime: launched,
    placement: { availabilityZone: zone, groupName: '', tenancy: 'default' },
    monitoring: { state: 'disabled' },
    subnetId: there ? 'subnet-0123456789abcdef0' : null,
    vpcId: there ? 'vpc-0123456789abcdef0' : null,
    privateIpAddress: privateIp,
    sourceDestCheck: there ? true : null,
    groupSet: groups,
    stateReason: stateReason && { code: stateReason.code, message: stateReason.message },
    architecture: 'x86_64',
    rootDeviceType: 'ebs',
    rootDeviceName: '/dev/xvda',
    blockDeviceMapping: there ? { item: [blockDeviceXml(suffix, launched)] } : '',
    virtualizationType: 'hvm',
    instanceLifecycle: lifecycle,
    clientToken: '',
    tagSet: { item: Object.entries(instance.tags).map(([key, value]) => ({ key, value })) },
    hypervisor: 'xen',
    networkInterfaceSet: there ? { item: [networkInterfaceXml(instance, privateIp, dnsName, account, groups)] } : '',
    ebsOptimized: false,
    enaSupport: true,
    hibernationOptions: { configured: false },
    metadataOptions: { state: 'applied', httpTokens: 'required', httpPutResponseHopLimit: 2, httpEndpoint: 'enabled' },
    maintenanceOptions: { autoRecovery: 'default' },
    platformDetails: 'Linux/UNIX',
    usageOperation: 'RunInstances',
    usageOperationUpdateTime: launched,
    operator: { managed: operator !== null, principal: operator },
  };
}

function blockDeviceXml(suffix: string, attachTime: string): Xml {
  const ebs = { volumeId: `vol-${suffix}`, status: 'attached', attachTime, deleteOnTermination: true };
  return { deviceName: '/dev/xvda', ebs };
}

/** Has its own status, groups and private address, which a careless decoder could take for the instance's. */
function networkInterfaceXml(
  { instanceId, launchTime }: InstanceRecord,
  privateIp: string,
  dnsName: string,
  account: string,
  groups: Xml,
): Xml {
  const suffix = instanceId.slice(2);
  const attachTime = new Date(launchTime).toISOString();
  return {
    networkInterfaceId: `eni-${suffix}`,
    subnetId: 'subnet-0123456789abcdef0',
    vpcId: 'vpc-0123456789abcdef0',
    description: '',
    ownerId: account,
    status: 'in-use',
    privateIpAddress: privateIp,
    privateDnsName: dnsName,
    sourceDestCheck: true,
    groupSet: groups,
    attachment: {
      attachmentId: `eni-attach-${suffix}`,
      deviceIndex: 0,
      status: 'attached',
      attachTime,
      deleteOnTermination: true,
    },
    privateIpAddressesSet: { item: [{ privateIpAddress: privateIp, privateDnsName: dnsName, primary: true }] },
  };
}
