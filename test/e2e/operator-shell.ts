import { mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Shell } from './shell.ts';

const CHECKOUT = join(import.meta.dirname, '../..');

/**
 * What the commands of the documents need here. Version 1 of the AWS CLI has no `logs tail`, which is filter-log-events in version 2 too, and
 * does not take the endpoint of SQS from the environment. CDK deploys what the test has synthesized, and nobody answers its
 * questions. npm runs in the checkout.
 */
const FUNCTIONS = `
aws() {
  case "$1 $2" in
    'logs tail') set -- logs filter-log-events --log-group-name "$3" --query 'events[].message' --output text "\${@:6}" ;;
    sqs*) set -- "$@" --endpoint-url "$AWS_ENDPOINT_URL" ;;
  esac
  command aws "$@"
}
npx() (
  cd "$CHECKOUT" || return
  case "$2" in
    destroy) set -- "$@" --force ;;
    deploy) set -- "$@" --require-approval never ;;
  esac
  node node_modules/aws-cdk/bin/cdk --no-notices --no-color --app "$ASSEMBLY" "\${@:2}"
)
npm() (cd "$CHECKOUT" && command npm "$@")
`;

/** Where an operator types, and with what. */
export interface OperatorShellProps {
  /** Of the virtual environment that also has the AWS CLI. */
  readonly python: string;
  /** Gets a folder `desk`, in which the shell is. */
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** What CDK deploys. */
  readonly assembly: string;
  readonly signal: AbortSignal;
}

/** Opens a shell in which the commands of the documents work. */
export async function operatorShell({ python, home, env, assembly, signal }: OperatorShellProps): Promise<Shell> {
  const desk = join(home, 'desk');
  mkdirSync(desk);
  const PATH = [dirname(python), env['PATH']].join(delimiter);
  const all = {
    ...env,
    PATH,
    CHECKOUT,
    ASSEMBLY: assembly,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CI: 'true',
    NO_COLOR: '1',
  };
  const shell = new Shell(desk, all, signal);
  await shell.run(FUNCTIONS);
  return shell;
}
