import { type ILogGroup, QueryDefinition, QueryString, type QueryStringProps } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { LOG_EVENTS } from '../lambda/contract/log.ts';

/** Props of {@link SavedQueries}. */
export interface SavedQueriesProps {
  /** What the function logs. */
  readonly logGroup: ILogGroup;
  /** Where the queries lie in the console, so that two deployments do not mix theirs. */
  readonly folder: string;
  /** Whether several accounts are watched: then each line says in which it happened. */
  readonly hasMembers: boolean;
}

const TRANSITION = `message.event = "${LOG_EVENTS.transition}"`;
const CHANGE = ['message.from', 'message.to', 'message.cause'];
const ACCOUNT = 'message.account';
const REGION = 'message.region';
const WHO = [REGION, 'message.name', 'message.instance'];
const WHAT = ['message.condition', 'message.news', 'message.severity'];

/** What the dashboard asks for its table: the latest transitions. */
export function latestTransitions(hasMembers: boolean): QueryStringProps {
  const fields = ['@timestamp', 'message.name', 'message.instance', ...CHANGE, REGION];
  const query = { fields, filterStatements: [TRANSITION], sort: '@timestamp desc', limit: 100 };
  return hasMembers ? withAccount(query) : query;
}

/** The account before the region, wherever that is asked for. */
function withAccount({ fields = [], statsStatements = [], ...query }: QueryStringProps): QueryStringProps {
  return {
    ...query,
    ...(fields.length === 0
      ? {}
      : { fields: fields.flatMap((each) => (each === REGION ? [ACCOUNT, REGION] : [each])) }),
    ...(statsStatements.length === 0
      ? {}
      : { statsStatements: statsStatements.map((each) => each.replace(`by ${REGION}`, `by ${ACCOUNT}, ${REGION}`)) }),
  };
}

/** Only where several accounts are watched. */
const OF_MEMBERS = {
  'One account': {
    fields: ['@timestamp', 'level', 'message.event', ...WHO, ...CHANGE, ...WHAT, 'message.error.message'],
    filterStatements: [`${ACCOUNT} = "PUT ITS ID HERE"`],
    sort: '@timestamp desc',
    limit: 1000,
  },
};

/** Queries for CloudWatch Logs Insights that are asked again and again: by name. */
const QUERIES = {
  'History of one instance': {
    fields: ['@timestamp', 'message.name', ...CHANGE, 'message.reason.code', 'message.window.after'],
    filterStatements: [`${TRANSITION} and message.instance = "i-PUT ITS ID HERE"`],
    sort: '@timestamp asc',
    limit: 1000,
  },
  'Everything in the time shown': {
    fields: ['@timestamp', 'level', 'message.event', ...WHO, ...CHANGE, ...WHAT, 'message.error.message'],
    filterStatements: [
      `message.event in ["${LOG_EVENTS.transition}", "${LOG_EVENTS.condition}", "${LOG_EVENTS.scope}", "${LOG_EVENTS.announcement}"] or level in ["WARN", "ERROR"]`,
    ],
    sort: '@timestamp asc',
    limit: 1000,
  },
  'What is wrong, and what is ahead': {
    fields: ['@timestamp', ...WHO, ...WHAT, 'message.incident'],
    filterStatements: [`message.event = "${LOG_EVENTS.condition}"`],
    sort: '@timestamp desc',
    limit: 1000,
  },
  Silences: {
    fields: [
      '@timestamp',
      'message.region',
      'message.news',
      'message.by',
      'message.why',
      'message.until',
      'message.select',
    ],
    filterStatements: [`message.event in ["${LOG_EVENTS.silence}", "${LOG_EVENTS.silences}"]`],
    sort: '@timestamp desc',
    limit: 1000,
  },
  'Most restless instances': {
    filterStatements: [TRANSITION],
    statsStatements: [`count(*) as transitions, latest(message.to) as last by ${WHO.join(', ')}`],
    sort: 'transitions desc',
    limit: 25,
  },
  'Spot interruptions': {
    fields: ['@timestamp', ...WHO, 'message.type', 'message.zone', 'message.autoScalingGroup'],
    filterStatements: [`${TRANSITION} and message.cause = "spot-interruption"`],
    sort: '@timestamp desc',
    limit: 1000,
  },
};

/** Queries of the log of the function, saved in the account: they cost nothing until somebody runs them. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { logGroup, folder, hasMembers }: SavedQueriesProps) {
    super(scope, id);
    const queries = hasMembers ? { ...QUERIES, ...OF_MEMBERS } : QUERIES;
    for (const [name, query] of Object.entries<QueryStringProps>(queries)) {
      new QueryDefinition(this, name, {
        queryDefinitionName: `${folder}/${name}`,
        queryString: new QueryString(hasMembers ? withAccount(query) : query),
        logGroups: [logGroup],
      });
    }
  }
}
