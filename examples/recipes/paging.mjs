// A function that pages for single instances: it opens an incident when one has stopped or ended, and closes it when it runs again.
// docs/recipes.md says how to deploy it. SERVICE, ADDRESS and KEY are its environment.
const { SERVICE, ADDRESS, KEY } = process.env;

export async function handler({ Records }) {
  for (const { Sns } of Records) {
    const { account, transitions } = JSON.parse(Sns.Message);
    for (const transition of transitions) {
      const action = actionOn(transition);
      if (action !== undefined) await post(SERVICES[SERVICE](action, { account, ...transition }));
    }
  }
}

function actionOn({ to, inferred, severity }) {
  // No look saw it, and it is over: the transitions after it say what is true now. An end has none after it.
  if (inferred && to !== 'terminated') return undefined;
  if (to === 'running') return 'close';
  return ['stopped', 'terminated'].includes(to) && severity !== 'info' ? 'open' : undefined;
}

const SERVICES = {
  pagerduty: (action, { account, instance, severity, consoleUrl, window, ...transition }) => ({
    url: ADDRESS ?? 'https://events.pagerduty.com/v2/enqueue',
    body: {
      routing_key: KEY,
      dedup_key: instance,
      event_action: action === 'open' ? 'trigger' : 'resolve',
      payload: {
        summary: summaryOf({ instance, ...transition }),
        source: account,
        severity,
        timestamp: window.before,
        custom_details: transition,
      },
      links: [{ href: consoleUrl, text: instance }],
    },
  }),
  opsgenie: (action, { account, instance, severity, consoleUrl, ...transition }) => {
    const alerts = ADDRESS ?? 'https://api.opsgenie.com/v2/alerts';
    const headers = { authorization: `GenieKey ${KEY}` };
    if (action === 'close') return { url: `${alerts}/${instance}/close?identifierType=alias`, headers, body: {} };
    return {
      url: alerts,
      headers,
      body: {
        alias: instance,
        message: summaryOf({ instance, ...transition }).slice(0, 130),
        description: `${transition.reason?.text ?? 'No reason is known.'}\n${consoleUrl}`,
        priority: severity === 'critical' ? 'P1' : 'P3',
        source: account,
      },
    };
  },
};

function summaryOf({ name, instance, to, cause }) {
  return `${name ?? instance}: ${to}. Cause: ${cause}`;
}

async function post({ url, headers, body }) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  // Lambda then tries the whole message again. What was sent before is recognised by its key.
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}: ${await response.text()}`);
}
