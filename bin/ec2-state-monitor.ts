/** The CDK app: settings in, one stack out. */
import { Annotations, App } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { COST_ANNOTATION } from '../lib/ec2-state-monitor.ts';
import { MonitorStack } from '../lib/monitor-stack.ts';
import { readSettings, SettingsError } from '../lib/settings/read-settings.ts';

// Without autoSynth, so that wrong settings leave nothing behind: it would write an assembly when the process ends.
const app = new App({ autoSynth: false, context: CURRENTLY_RECOMMENDED_FLAGS });
try {
  const settings = readSettings(app.node.getAllContext());
  const { monitor } = new MonitorStack(app, settings.namespace, settings);
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
