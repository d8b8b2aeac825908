import { CONTROLLER_FLAGS, REMOVED_FLAGS } from '../../facts/ingressNginxFlags.ts';
import type { ControllerWorkload } from '../../model/controllerWorkload.ts';
import { hasReached, isBefore } from '../../model/versions.ts';
import { nameMeant } from '../../text/spelling.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './unknown-flag.md';
import zh from './unknown-flag.zh.md';

/** The controller does not start with a flag that it does not know: it prints its usage and ends, over and over. */
export const unknownFlag = rule({
  id: 'ingress/unknown-flag',
  severity: 'error',
  on: 'controllerWorkload',
  evidence: [
    'kubernetes/ingress-nginx pkg/flags/flags.go (1.15.1): pflag.ExitOnError',
    'kubernetes/ingress-nginx cmd/nginx/flags.go and pkg/flags/flags.go at every release since 0.9.0: the flags',
  ],
  summary: {
    en: 'A flag that the controller does not know: it does not start',
    zh: '控制器不认识的命令行参数：无法启动',
  },
  messages: {
    en: {
      near: v => `The controller does not start: it has no flag ${v.name}; did you mean ${v.meant}?`,
      unknown: v => `The controller does not start: no release has a flag ${v.name}`,
      removed: v => `The controller does not start: ${v.name} was removed in ${v.removedIn}`,
      going: v => `Controller ${v.removedIn} and later do not start with ${v.name}: the flag is gone there`,
      tooNew: v => `Controller ${v.version} does not start: ${v.name} came with ${v.since}`,
    },
    zh: {
      near: v => `控制器无法启动：没有参数 ${v.name}；是否想写 ${v.meant}？`,
      unknown: v => `控制器无法启动：任何版本都没有参数 ${v.name}`,
      removed: v => `控制器无法启动：${v.name} 已在 ${v.removedIn} 中移除`,
      going: v => `控制器从 ${v.removedIn} 起无法以 ${v.name} 启动：那里已没有这个参数`,
      tooNew: v => `控制器 ${v.version} 无法启动：${v.name} 从 ${v.since} 起才有`,
    },
  },
  page: { en, zh },

  *check(workload, { cluster, file }) {
    const version = cluster.version('controller', file);
    for (const { name, place: written } of workload.flags) {
      const place = workload.origin === 'manifest' ? { value: written.value, entry: written.value } : written;
      const facts = CONTROLLER_FLAGS.get(name);
      if (facts) {
        if (version.from !== 'workspace' || !isBefore(version, facts.since)) continue;
        yield atPlace(place, 'tooNew', { name, since: facts.since, version: version.newest.join('.') });
        continue;
      }
      const removed = REMOVED_FLAGS.get(name);
      if (removed) {
        const { removedIn } = removed;
        if (hasReached(version, removedIn)) yield atPlace(place, 'removed', { name, removedIn });
        else if (isBefore(version, removedIn)) yield atPlace<Key>(place, 'going', { name, removedIn }).as('hint');
        continue;
      }
      if (LOGGING_FLAGS.has(name.replaceAll('_', '-')) || !isUpstream(workload)) continue;
      const meant = nameMeant(name, [...CONTROLLER_FLAGS.keys()]);
      yield atPlace<Key>(place, meant === null ? 'unknown' : 'near', { name, meant: meant ?? '' });
    }
  },
});

type Key = 'near' | 'unknown' | 'removed' | 'going' | 'tooNew';

/** Flags of klog and glog, which every release takes besides its own; `--help` of pflag. */
const LOGGING_FLAGS: ReadonlySet<string> = new Set(
  `--v --vmodule --logtostderr --alsologtostderr --stderrthreshold --log-backtrace-at --log-dir --log-file --log-file-max-size
  --add-dir-header --one-output --skip-headers --skip-log-headers --help`.split(/\s+/),
);

/** Others build the controller with flags of their own. */
function isUpstream({ image, origin }: ControllerWorkload): boolean {
  if (origin === 'helmValues') return false;
  return /^(?:registry\.k8s\.io|k8s\.gcr\.io|us\.gcr\.io\/k8s-artifacts-prod|quay\.io\/kubernetes-ingress-controller)\//.test(
    image.known ?? '',
  );
}
