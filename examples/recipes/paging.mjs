// A function that pages for single instances. It opens an incident when one has stopped or ended, and closes it when it runs again. It
// opens another one for each condition (a failed check, a scheduled event, a stuck instance), and closes it when the condition closes.
// docs/recipes.md says how to deploy it. SERVICE, ADDRESS and KEY are its environment.
const { SERVICE, ADDRESS, KEY } = process.env;

export async function handler({ Records }) {
  for (const { Sns } of Records) {
    for (const page of pagesIn(JSON.parse(Sns.Message))) await post(SERVICES[SERVICE](page));
  }
}

// Other kinds, such as a test, are no reason to page.
function pagesIn(message) {
  const pages = [];
  if (message.kind === 'transitions') pages.push(...message.transitions.map(pageForTransition));
  if (message.kind === 'condition') pages.push(pageForCondition(message));
  return pages.filter(({ action }) => action !== undefined).map((page) => ({ account: message.account, ...page }));
}

function pageForTransition({ instance, severity, consoleUrl, window, ...transition }) {
  const { name, to, cause, reason } = transition;
  return {
    action: actionOn({ severity, ...transition }),
    key: instance,
    summary: `${name ?? instance}: ${to}. Cause: ${cause}`,
    text: reason?.text ?? 'No reason is known.',
    severity,
    at: window.before,
    instance,
    consoleUrl,
    details: transition,
  };
}

function actionOn({ to, inferred, severity }) {
  // No look saw it, and it is over: the transitions after it say what is true now. An end has none after it.
  if (inferred && to !== 'terminated') return undefined;
  if (to === 'running') return 'close';
  return ['stopped', 'terminated'].includes(to) && severity !== 'info' ? 'open' : undefined;
}

function pageForCondition({ incident, status, severity, instance, began, ...condition }) {
  const { condition: what, event, remediation } = condition;
  const action = status === 'open' ? 'open' : 'close';
  return {
    action: severity === 'info' ? undefined : action,
    key: incident,
    summary: `${instance.name ?? instance.id}: ${what}${event?.notBefore ? `, not before ${event.notBefore}` : ''}`,
    text: event?.description ?? remediation ?? 'AWS says nothing more.',
    severity,
    at: began.before,
    instance: instance.id,
    consoleUrl: instance.consoleUrl,
    details: { ...condition, instance },
  };
}

const SERVICES = {
  pagerduty: ({ action, key, summary, severity, account, at, instance, consoleUrl, details }) => ({
    url: ADDRESS ?? 'https://events.pagerduty.com/v2/enqueue',
    body: {
      routing_key: KEY,
      dedup_key: key,
      event_action: action === 'open' ? 'trigger' : 'resolve',
      payload: { summary, source: account, severity, timestamp: at, custom_details: details },
      links: [{ href: consoleUrl, text: instance }],
    },
  }),
  opsgenie: ({ action, key, summary, text, severity, account, consoleUrl }) => {
    const alerts = ADDRESS ?? 'https://api.opsgenie.com/v2/alerts';
    const headers = { authorization: `GenieKey ${KEY}` };
    if (action === 'close') return { url: `${alerts}/${key}/close?identifierType=alias`, headers, body: {} };
    return {
      url: alerts,
      headers,
      body: {
        alias: key,
        message: summary.slice(0, 130),
        description: `${text}\n${consoleUrl}`,
        priority: severity === 'critical' ? 'P1' : 'P3',
        source: account,
      },
    };
  },
};

async function post({ url, headers, body }) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  // Lambda then tries the whole message again. What was sent before is recognised by its key.
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}: ${await response.text()}`);
}
