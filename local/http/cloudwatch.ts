import { AwsError } from '../model/aws-error.ts';
import type { MetricDatum } from '../model/metric-rules.ts';
import { unknownAction } from './form.ts';
import type { Answer, AwsRequest, WireProtocol } from './protocol.ts';

const TARGET = /^GraniteServiceVersion20100801\.(\w+)$/;
const LIMIT_BYTES = 1_000_000;

/** The exception's name where it is not the code with `Exception` behind it. */
const SHAPES: Readonly<Record<string, string>> = {
  MissingParameter: 'MissingRequiredParameterException',
  InternalServiceError: 'InternalServiceFault',
};

/** CloudWatch over AWS JSON 1.0, compatible with the query protocol: the old code of an error stands in a header. */
export const cloudwatch: WireProtocol = {
  read(cloud, request, requestId) {
    const target = String(request.headers['x-amz-target'] ?? '');
    const operation = TARGET.exec(target)?.[1] ?? target;
    if (operation !== 'PutMetricData') {
      throw unknownAction('CloudWatch', operation, ['PutMetricData']);
    }
    // The quota counts the payload as sent, compressed or not. "CloudWatch service quotas".
    if (Number(request.headers['content-length'] ?? 0) > LIMIT_BYTES) {
      throw new AwsError('RequestEntityTooLarge', 413, `The request must be at most ${LIMIT_BYTES} bytes`);
    }
    const { Namespace: namespace = '', MetricData: data = [] } = parse(request);
    return {
      operation,
      resource: namespace,
      act: () => {
        cloud.metrics.put(request.region, namespace, data.map(datumOf));
        return answer(200, requestId, {});
      },
    };
  },
  refuse(error, requestId) {
    const shape = SHAPES[error.code] ?? (error.code.endsWith('Exception') ? error.code : `${error.code}Exception`);
    const refusal = answer(error.status, requestId, { __type: shape, message: error.message });
    const type = error.status < 500 ? 'Sender' : 'Receiver';
    return { ...refusal, headers: { ...refusal.headers, 'x-amzn-query-error': `${error.code};${type}` } };
  },
};

/** JSON has no NaN: the protocol writes it, like the infinities, as text. */
type JsonNumber = number | string;

interface JsonDatum {
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name?: string; readonly Value?: string }[];
  /** Seconds since epoch. */
  readonly Timestamp?: number;
  readonly Unit?: string;
  readonly Value?: JsonNumber;
  readonly Values?: readonly JsonNumber[];
  readonly Counts?: readonly JsonNumber[];
  readonly StorageResolution?: number;
}

interface PutMetricData {
  readonly Namespace?: string;
  readonly MetricData?: readonly JsonDatum[];
}

function parse({ body }: AwsRequest): PutMetricData {
  try {
    return JSON.parse(body.toString()) as PutMetricData;
  } catch (error) {
    throw new AwsError('SerializationException', 400, `The request is not JSON: ${String(error)}`);
  }
}

function datumOf(datum: JsonDatum): MetricDatum {
  const { Timestamp, Unit, Value, Values, Counts, StorageResolution } = datum;
  return {
    name: datum.MetricName ?? '',
    dimensions: (datum.Dimensions ?? []).map(({ Name = '', Value: value = '' }) => ({ name: Name, value })),
    ...(Timestamp === undefined ? {} : { timestamp: Timestamp * 1000 }),
    ...(Unit === undefined ? {} : { unit: Unit }),
    ...(Value === undefined ? {} : { value: Number(Value) }),
    ...(Values === undefined ? {} : { values: Values.map(Number) }),
    ...(Counts === undefined ? {} : { counts: Counts.map(Number) }),
    ...(StorageResolution === undefined ? {} : { storageResolution: StorageResolution }),
  };
}

function answer(status: number, requestId: string, content: object): Answer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId },
    body: JSON.stringify(content),
  };
}
