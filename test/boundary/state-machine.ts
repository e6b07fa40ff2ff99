/** A state of the Amazon States Language, with the fields that the state machine of the rounds uses. */
interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Parameters?: Fields;
  readonly ItemSelector?: Fields;
  readonly ItemsPath?: string;
  readonly ResultPath?: string;
  readonly ItemProcessor?: Definition;
  readonly Choices?: readonly { readonly Variable: string; readonly IsPresent: boolean; readonly Next: string }[];
  readonly Default?: string;
  readonly Catch?: readonly { readonly ResultPath: string; readonly Next: string }[];
}

/** A state machine, or the part of one that a Map repeats. */
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

type Fields = Readonly<Record<string, string>>;
type Data = Readonly<Record<string, unknown>>;

/**
 * Runs a definition as Step Functions would, one iteration of a Map after another. Only what that definition uses.
 *
 * @param invoke answers a task, or throws what ends it
 */
export async function execute(
  { StartAt, States }: Definition,
  input: Data,
  invoke: (event: Data) => Promise<Data>,
): Promise<Data> {
  let data = input;
  for (let name: string | undefined = StartAt; name !== undefined; ) {
    const state: State | undefined = States[name];
    if (state === undefined) throw new Error(`There is no state '${name}'.`);
    name = state.Next;
    switch (state.Type) {
      case 'Task':
        try {
          data = await invoke(filled(state.Parameters, data));
        } catch (error) {
          const [caught] = state.Catch ?? [];
          if (caught === undefined) throw error;
          data = { ...data, [fieldOf(caught.ResultPath)]: { Error: error instanceof Error ? error.name : 'Error' } };
          name = caught.Next;
        }
        break;
      case 'Choice': {
        const chosen = state.Choices?.find(
          ({ Variable, IsPresent }) => (at(Variable, data) !== undefined) === IsPresent,
        );
        name = chosen?.Next ?? state.Default;
        break;
      }
      case 'Map': {
        const results: Data[] = [];
        for (const item of at(state.ItemsPath ?? '$', data) as readonly unknown[]) {
          if (state.ItemProcessor === undefined) throw new Error('A Map without an ItemProcessor.');
          results.push(await execute(state.ItemProcessor, filled(state.ItemSelector, data, item), invoke));
        }
        data = { ...data, [fieldOf(state.ResultPath ?? '')]: results };
        break;
      }
      case 'Pass':
        data = filled(state.Parameters, data);
        break;
      case 'Succeed':
        break;
      default:
        throw new Error(`States of type ${state.Type} are not known here.`);
    }
  }
  return data;
}

function filled(fields: Fields = {}, data: Data, item?: unknown): Data {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) =>
      key.endsWith('.$') ? [key.slice(0, -2), value === '$$.Map.Item.Value' ? item : at(value, data)] : [key, value],
    ),
  );
}

function at(path: string, data: Data): unknown {
  const [, ...fields] = path.split('.');
  return fields.reduce<unknown>((value, field) => (value as Data | undefined)?.[field], data);
}

function fieldOf(path: string): string {
  const [, field] = /^\$\.(\w+)$/.exec(path) ?? [];
  if (field === undefined) throw new Error(`The path '${path}' is not one field.`);
  return field;
}
