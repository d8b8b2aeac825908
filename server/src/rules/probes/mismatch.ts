import { HEALTH_ENDPOINT, OTHER_PATHS } from '../../facts/ingressNginxProbes.ts';
import type { HealthEndpoint } from '../../model/healthEndpoint.ts';
import { inForce, type Probe } from '../../model/probe.ts';
import type { Value } from '../../model/value.ts';
import type { Wording } from '../../text/wording.ts';
import { atPlace, type Draft, type Params, set } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './mismatch.md';
import zh from './mismatch.zh.md';

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** Ports near the controller's own that it uses for other things. */
const OTHER_PORTS = [10_245, 10_246, 10_247];

/**
 * The controller answers health checks where its flags say; a probe that asks elsewhere is refused, or answered with 404,
 * however well the controller is: it is never ready, or restarted for ever. The chart's `healthCheckPath` and
 * `extraArgs.healthz-port` change the flags and leave the probes as they are.
 */
export const mismatch = rule({
  id: 'probes/mismatch',
  severity: 'error',
  on: 'probe',
  evidence: [
    'kubernetes/ingress-nginx cmd/nginx/main.go, RegisterHealthz and StartHTTPServer (commit 034c3cca)',
    'kubernetes/ingress-nginx charts/ingress-nginx/templates/_params.tpl and controller-daemonset.yaml (chart 4.15.1): healthCheckPath only sets the flag',
    'kubernetes pkg/probe/http/http.go: an error or a status of 400 and more is a failure',
  ],
  summary: {
    en: 'A probe asks the ingress controller where it does not answer',
    zh: '探针请求的地址与 ingress 控制器的健康检查地址不一致',
  },
  messages: {
    en: {
      port: ({ kind, asks, answers }) =>
        `${outcome.en(kind)}: the probe asks port ${asks}, the controller answers on ${answers}`,
      path: ({ kind, asks, answers }) =>
        `${outcome.en(kind)}: the probe asks for ${asks}, which is answered with 404; the controller’s health is at ${answers}`,
      host: ({ kind, answers }) =>
        `${outcome.en(kind)}: the probe asks the pod’s address, the controller listens on ${answers} alone`,
      otherHost: ({ kind, asks, answers }) =>
        `${outcome.en(kind)}: the probe asks ${asks}, the controller listens on ${answers} alone`,
      flag: () => 'the controller’s flag is set here',
      follow: ({ answers }) => `Have the probe ask ${answers}`,
    },
    zh: {
      port: ({ kind, asks, answers }) => `${outcome.zh(kind)}：探针请求端口 ${asks}，控制器在端口 ${answers} 上应答`,
      path: ({ kind, asks, answers }) =>
        `${outcome.zh(kind)}：探针请求 ${asks}，得到 404；控制器的健康检查路径是 ${answers}`,
      host: ({ kind, answers }) => `${outcome.zh(kind)}：探针请求 Pod 地址，控制器只监听 ${answers}`,
      otherHost: ({ kind, asks, answers }) => `${outcome.zh(kind)}：探针请求 ${asks}，控制器只监听 ${answers}`,
      flag: () => '控制器的参数在此处设置',
      follow: ({ answers }) => `让探针请求 ${answers}`,
    },
  },
  page: { en, zh },

  *check(probe) {
    const { asks, asksByDefault, flags } = probe;
    if (!asks) return;
    const asked = {
      port: inForce(asks.port, asksByDefault.port),
      path: inForce(asks.path, asksByDefault.path),
      host: inForce(asks.host, asksByDefault.host),
    };
    const answered = {
      port: inForce(flags.port, HEALTH_ENDPOINT.port),
      path: inForce(flags.path, HEALTH_ENDPOINT.path),
      host: inForce(flags.host, HEALTH_ENDPOINT.host),
    };
    if (asked.port === undefined || answered.port === undefined) return;
    if (asked.port !== answered.port) {
      if (isMeantForHealth(asked.port, probe)) yield of(probe, 'port', 'port', asked.port, answered.port);
    } else if (asked.path !== undefined && answered.path !== undefined && !isAnswered(asked.path, answered.path)) {
      yield of(probe, 'path', 'path', asked.path, answered.path);
    }
    if (asked.host === undefined || !answered.host) return;
    if (asked.host === '' && LOOPBACK.test(answered.host)) yield of(probe, 'host', 'host', '', answered.host);
    else if (isAddress(asked.host) && isAddress(answered.host) && asked.host !== answered.host)
      yield of(probe, 'host', 'otherHost', asked.host, answered.host);
  },
});

type Key = 'port' | 'path' | 'host' | 'otherHost' | 'flag' | 'follow';

function of(
  probe: Probe,
  part: keyof HealthEndpoint,
  message: Key,
  asks: string | number,
  answers: string | number,
): Draft<Key> {
  const asked: Value<string | number> | undefined = probe.asks?.[part];
  const flag: Value<string | number> = probe.flags[part];
  const place = asked?.place ?? probe.key ?? flag.place;
  if (!place || !asked) throw new RangeError('neither the probe nor the flag is written');
  const draft: Draft<Key> = atPlace(place, message, { kind: probe.kind, asks, answers });
  // On the host’s network, or beside another container, somebody else may answer.
  const isCertain = probe.alone && !probe.hostNetwork.is(true) && !probe.hostNetwork.isUnknown;
  const loud = isCertain ? draft : draft.as('warning');
  const told = place === flag.place ? loud : loud.seeAlso('flag', flag.place);
  // A probe’s host is asked from the node: that reaches the controller’s loopback on hostNetwork alone.
  if (part === 'host' && !probe.hostNetwork.is(true)) return told;
  return told.fix('follow', 'safe', set(asked, answers));
}

/** True for the default port, and for others that the controller uses for nothing else. */
function isMeantForHealth(port: number, { flags }: Probe): boolean {
  if (flags.port.known !== undefined && port === HEALTH_ENDPOINT.port) return true;
  return port >= 10_240 && port < 10_300 && !OTHER_PORTS.includes(port);
}

/** True if the controller answers a path with something else than 404: each check has a path of its own below its health. */
function isAnswered(asked: string, health: string): boolean {
  if (!health.startsWith('/')) return true;
  const path = `/${asked.replace(/[?#].*$/s, '').replace(/^\/+/, '')}`;
  return path === health || path.startsWith(`${health}/`) || OTHER_PATHS.includes(path);
}

function isAddress(host: string): boolean {
  return /^(?:\d+\.){3}\d+$|:/.test(host) && !/^(?:0\.0\.0\.0|::)$/.test(host);
}

const OUTCOMES: Readonly<Record<string, Wording>> = {
  liveness: { en: 'The controller is restarted for ever', zh: '控制器会不断被重启' },
  readiness: { en: 'The controller is never ready', zh: '控制器永远不会就绪' },
  startup: { en: 'The controller never gets past its start', zh: '控制器无法完成启动' },
};

const outcome = {
  en: (kind: Params[string] | undefined) => OUTCOMES[kind ?? '']?.en,
  zh: (kind: Params[string] | undefined) => OUTCOMES[kind ?? '']?.zh,
};
