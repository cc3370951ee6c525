import { inside, type Reporter, type WrittenConfig } from './located.ts';

/** The port on which collectors take OTLP over gRPC (OTLP 1.x, "Default Port"). */
const GRPC_PORT = '4317';

/** What has the form of a URL can still have a host that is none: 999.1.1.1. */
export function checkTracing({ main }: WrittenConfig, reporter: Reporter): void {
  const { otlp } = main.value.tracing ?? {};
  if (otlp === undefined || URL.canParse(otlp)) return;
  const message = `found "${otlp}", and its host is no name and no address`;
  reporter.error('invalid-value', inside(main, 'tracing', 'otlp'), message, 'for example http://127.0.0.1:4318');
}

/** Finds a collector that would most likely answer nothing that can be understood. */
export function warnOfTracing({ main }: WrittenConfig, reporter: Reporter): void {
  const { otlp = '' } = main.value.tracing ?? {};
  if (!URL.canParse(otlp) || new URL(otlp).port !== GRPC_PORT) return;
  reporter.warning(
    'otlp-grpc-port',
    inside(main, 'tracing', 'otlp'),
    'on port 4317 collectors take OTLP over gRPC, and spans are sent over HTTP',
    'name the port for HTTP, which is 4318 unless the collector is told otherwise',
  );
}
