import {
  Aws,
  BootstraplessSynthesizer,
  DefaultStackSynthesizer,
  type IStackSynthesizer,
  LegacyStackSynthesizer,
  Stack,
  Token,
} from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, type IDependable } from 'constructs';
import { HINT_RETRIES, hintPattern } from './hints.ts';
import { canForward, FORWARDING } from './settings/forwarding.ts';
import { SettingsError } from './settings/read-settings.ts';
import type { CheckedSettings } from './settings/settings.ts';

/** Props of {@link HintForwarder}. */
export interface HintForwarderProps {
  /** The region of the monitor, such as `eu-west-1`, in the same account. */
  readonly homeRegion: string;
}

/**
 * Sends EC2's events of one region to the home region of a monitor: a rule on the default event bus here, whose target is the default
 * event bus there, and a role that may do nothing else. The rule of the monitor takes them from there. "Sending and receiving
 * Amazon EventBridge events between AWS Regions", Amazon EventBridge User Guide.
 *
 * The setting `hints` makes it for each further region, in a stack of its own. This is for those who make their stacks themselves.
 */
export class HintForwarder extends Construct {
  /** Sends the events. */
  readonly rule: Rule;

  /** @throws Error where the two regions are the same, or EventBridge does not send from one to the other */
  constructor(scope: Construct, id: string, { homeRegion }: HintForwarderProps) {
    super(scope, id);
    const { region } = Stack.of(this);
    if (region === homeRegion) {
      throw new Error(
        `${region} is the home region itself, whose events need no forwarder. Remove it, or correct one of the two.`,
      );
    }
    for (const each of [region, homeRegion]) {
      if (!Token.isUnresolved(each) && !canForward(each))
        throw new Error(`${FORWARDING}, and ${each} is none. Remove the forwarder.`);
    }
    const home = `arn:${Aws.PARTITION}:events:${homeRegion}:${Aws.ACCOUNT_ID}:event-bus/default`;
    const send = new PolicyStatement({ actions: ['events:PutEvents'], resources: [home] });
    const role = new Role(this, 'Role', {
      description: 'Sends events to the default event bus of the home region of an EC2 State Monitor',
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: { Send: new PolicyDocument({ statements: [send] }) },
    });
    this.rule = new Rule(this, 'Rule', {
      description: `EC2 says where and when to look: hints for the EC2 State Monitor in ${homeRegion}`,
      // Only what happened here: two regions that forward to each other must not send the same event back and forth.
      eventPattern: hintPattern([Aws.REGION]),
      targets: [{ bind: () => ({ arn: home, role, ...HINT_RETRIES }) }],
    });
  }
}

/** How many regions the hints come from. */
export function hintRegions(hints: CheckedSettings['hints'], homeRegion: string): number {
  if (hints === 'none') return 0;
  return 1 + (hints === 'home' ? 0 : hints.filter((region) => region !== homeRegion).length);
}

/**
 * Makes a stack for each region but the home region that the setting names. Two monitors of one stack share them.
 *
 * @param after what has to be deployed before them
 * @throws SettingsError where the account and the home region are not known, or EventBridge does not send there
 */
export function forwardHints(scope: Construct, hints: CheckedSettings['hints'], after: IDependable): void {
  if (typeof hints === 'string') return;
  const home = outermost(Stack.of(scope));
  const { account, region: homeRegion } = home;
  const names = hints.join(',');
  if (Token.isUnresolved(account) || Token.isUnresolved(homeRegion)) {
    throw new SettingsError([
      `hints: each of ${names} needs a stack that knows the account and the home region, and '${home.stackName}' does not say them. ` +
        'Give the CDK CLI credentials and a region (AWS_PROFILE, AWS_REGION), from which it sets CDK_DEFAULT_ACCOUNT and CDK_DEFAULT_REGION. ' +
        'In an app of your own also give the stack its env: ' +
        '{ env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION } }. Or set hints=home',
    ]);
  }
  if (!canForward(homeRegion)) {
    throw new SettingsError([
      `hints: ${names} would have to send to ${homeRegion}. ${FORWARDING}. Allowed in ${homeRegion}: home, none`,
    ]);
  }
  for (const region of hints) {
    const id = `Hints-${region}`;
    if (region === homeRegion || home.node.tryFindChild(id) !== undefined) continue;
    // Below the stack of the monitor, whose permissions boundary and tags so reach it too.
    const stack = new Stack(home, id, {
      stackName: `${home.stackName}-${id}`,
      description: `EC2 State Monitor: sends EC2's events of ${region} to ${homeRegion}`,
      env: { account, region },
      tags: home.tags.tagValues(),
      synthesizer: synthesizerLike(home),
    });
    new HintForwarder(stack, 'Forwarder', { homeRegion });
    // A region that refuses its rule must not keep the monitor from being deployed.
    stack.node.addDependency(after);
  }
}

/**
 * For a stack without assets in a region that was never bootstrapped: the roles of `cdk bootstrap` in the home region deploy it, which
 * may do so in any region. By itself BootstraplessSynthesizer takes roles of the region, which are not there.
 */
function synthesizerLike({ synthesizer }: Stack): IStackSynthesizer {
  const roles =
    synthesizer instanceof DefaultStackSynthesizer
      ? {
          deployRoleArn: synthesizer.deployRoleArn,
          cloudFormationExecutionRoleArn: synthesizer.cloudFormationExecutionRoleArn,
        }
      : undefined;
  // CDK's interface was not written for exactOptionalPropertyTypes.
  return (
    roles === undefined ? new LegacyStackSynthesizer() : new BootstraplessSynthesizer(roles)
  ) as IStackSynthesizer;
}

/** The stack that is deployed, for one that is nested in it. */
function outermost(stack: Stack): Stack {
  return stack.nestedStackParent === undefined ? stack : outermost(stack.nestedStackParent);
}
