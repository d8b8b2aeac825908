import { isReadAsStream } from '../../model/streamServices.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './stream-service.md';
import zh from './stream-service.zh.md';
import { shown } from './words.ts';

/** Ports that nginx and the controller use themselves, where no flag moves them: a service on one of them is passed over. */
const RESERVED: ReadonlySet<string> = new Set(['80', '443', '442', '8181', '10245', '10246', '10247', '10254']);

/** TCP and UDP services are read line by line: one that is not as it must be is passed over with a line in the log, and its port stays shut. */
export const streamService = rule({
  id: 'ingress/stream-service',
  severity: 'error',
  on: 'streamServices',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/controller/controller.go, getStreamServices (1.15.1): "NAMESPACE/NAME:PORT", reserved ports, "skipping"',
    'kubernetes/ingress-nginx#4213',
    'kubernetes/ingress-nginx#6870',
  ],
  summary: {
    en: 'A TCP or UDP service that the controller passes over',
    zh: '控制器会跳过的 TCP 或 UDP 服务',
  },
  messages: {
    en: {
      form: v =>
        `Port ${v.port} stays shut: the controller passes over \`${v.value}\`, which is not namespace/service:port`,
      reserved: v => `Port ${v.port} leads nowhere: the controller uses it itself, and passes this service over`,
    },
    zh: {
      form: v => `端口 ${v.port} 不会打开：控制器会跳过 \`${v.value}\`，它不是 namespace/service:port 的形式`,
      reserved: v => `端口 ${v.port} 不会指向此服务：控制器自己使用该端口，会跳过它`,
    },
  },
  page: { en, zh },

  *check(services, { cluster }) {
    if (!isReadAsStream(services, cluster)) return;
    const workloads = cluster.all('controllerWorkload').map(({ entity }) => entity);
    const moves = workloads.some(
      ({ flags, mayHaveMoreFlags }) => mayHaveMoreFlags || flags.some(({ name }) => /-port$/.test(name)),
    );
    for (const { port, value } of services.ports) {
      if (!value.place) continue;
      if (RESERVED.has(port) && !moves) yield atPlace(value.place, 'reserved', { port });
      else if (value.known !== undefined && !/^[^/:\s]+\/[^/:\s]+:[^:\s]+(?::|$)/.test(value.known)) {
        yield atPlace(value.place, 'form', { port, value: shown(value.known) });
      }
    }
  },
});
