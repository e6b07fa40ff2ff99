/** The CDK app: settings in, one stack out, and a small one for each further region that is to send hints. */
import { Annotations, App, type StackProps } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { COST_ANNOTATION } from '../lib/ec2-state-monitor.ts';
import { MonitorStack } from '../lib/monitor-stack.ts';
import { readSettings, SettingsError } from '../lib/settings/read-settings.ts';
import type { CheckedSettings } from '../lib/settings/settings.ts';

// Without autoSynth, so that wrong settings leave nothing behind: it would write an assembly when the process ends.
const app = new App({ autoSynth: false, context: CURRENTLY_RECOMMENDED_FLAGS });
try {
  const settings = readSettings(app.node.getAllContext());
  const { monitor } = new MonitorStack(app, settings.namespace, { ...settings, ...environmentFor(settings.hints) });
  // Said here and not by CDK, whose report leaves it out as soon as there is a warning.
  Annotations.of(monitor).acknowledgeInfo(COST_ANNOTATION);
  app.synth();
  console.error(monitor.costLine);
} catch (error) {
  if (!(error instanceof SettingsError)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}

/** Where the stack is deployed: only said where other stacks have to know it, since it ties the template to that place. */
function environmentFor(hints: CheckedSettings['hints']): Pick<StackProps, 'env'> {
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
  if (typeof hints === 'string' || account === undefined || region === undefined) return {};
  return { env: { account, region } };
}
