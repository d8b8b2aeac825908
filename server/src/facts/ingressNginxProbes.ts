/** Where the ingress-nginx controller answers health checks unless its flags say otherwise. */
export const HEALTH_ENDPOINT = { port: 10254, path: '/healthz', host: '' } as const;

/** The flags that move it: of every release, `--healthz-host` since 1.0.1. */
export const HEALTH_FLAGS = { port: 'healthz-port', path: 'health-check-path', host: 'healthz-host' } as const;

/** Paths besides its health checks that the controller answers on that port. */
export const OTHER_PATHS: readonly string[] = ['/metrics'];

interface Timing {
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

const READINESS: Timing = { initialDelaySeconds: 10, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 };

/** The probes of the chart's values and of the static manifests. */
export const CHART_PROBES: Readonly<Record<'liveness' | 'readiness', Timing>> = {
  liveness: { ...READINESS, failureThreshold: 5 },
  readiness: READINESS,
};

export const SOURCE =
  'kubernetes/ingress-nginx: charts/ingress-nginx/values.yaml and templates/_params.tpl of chart 4.15.1, cmd/nginx/main.go and pkg/flags/flags.go of controller 1.15.1';
