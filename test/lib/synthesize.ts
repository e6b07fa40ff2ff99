import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { MonitorStack, type MonitorStackProps } from '../../lib/monitor-stack.ts';

// CDK's own validator takes two seconds of each test file to start; test/bin runs it on the whole app.
process.env['CDK_VALIDATION'] = 'false';

/** A resource of a template, as loosely typed as CloudFormation. */
export interface Resource {
  readonly Type: string;
  readonly Properties: ReturnType<Template['toJSON']>[string];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** The stack in an app that does not bundle the function: takes no second. */
export function createStack(props: MonitorStackProps = {}, context: Record<string, unknown> = {}): MonitorStack {
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  return new MonitorStack(app, 'Ec2StateMonitor', props);
}

/** The template of {@link createStack}. */
export function synthesize(props: MonitorStackProps = {}, context: Record<string, unknown> = {}): Template {
  return Template.fromStack(createStack(props, context));
}

/** Resources of a type, or all of them, by logical id. */
export function resources(template: Template, type?: string): Record<string, Resource> {
  const all: Record<string, Resource> = template.toJSON()['Resources'];
  return Object.fromEntries(Object.entries(all).filter(([, { Type }]) => type === undefined || Type === type));
}

/** The statements of the policies of a role. */
export function statements(role: Resource): readonly Statement[] {
  return (role.Properties.Policies ?? []).flatMap(
    (policy: { PolicyDocument: { Statement: Statement[] } }) => policy.PolicyDocument.Statement,
  );
}

/** A statement of a policy. CDK writes a list of one as that one. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}
