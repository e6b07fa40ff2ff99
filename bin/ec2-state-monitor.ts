/** The CDK app: settings in, one stack out. */
import { App } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { formatPatterns, formatSeverityRules } from '../lambda/contract/announcing.ts';
import { formatTagFilters } from '../lambda/contract/watching.ts';
import { MonitorStack } from '../lib/monitor-stack.ts';
import { readSettings, SettingsError } from '../lib/settings.ts';

// Without autoSynth, so that wrong settings leave nothing behind: it would write an assembly when the process ends.
const app = new App({ autoSynth: false, context: CURRENTLY_RECOMMENDED_FLAGS });
try {
  const settings = readSettings(app.node.getAllContext());
  new MonitorStack(app, settings.namespace, {
    ...settings,
    alert: [formatPatterns(settings.alert)],
    severity: [formatSeverityRules(settings.severity)],
    select: settings.select.map((filter) => formatTagFilters([filter])),
    subscribe: settings.subscribe.map(({ protocol: _, ...subscriber }) => subscriber),
    exclude: settings.exclude.map((filter) => formatTagFilters([filter])),
  });
  app.synth();
} catch (error) {
  if (!(error instanceof SettingsError)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
