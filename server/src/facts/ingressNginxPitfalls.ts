import type { Wording } from '../text/wording.ts';

/** One thing that people run into with ingress-nginx, and who says so; a reason where no file shows it. */
export interface Pitfall {
  readonly title: Wording;
  /** Ids of rules; empty where no file can show it. */
  readonly rules: readonly string[];
  /** Why no rule speaks of it; null where one does. */
  readonly reason: Wording | null;
}

/** What was found in threads of kubernetes/ingress-nginx and its users up to 2026-03, the heaviest first. */
export const PITFALLS: readonly Pitfall[] = Object.freeze([
  said(
    'hostNetwork without ClusterFirstWithHostNet',
    'hostNetwork 而没有 ClusterFirstWithHostNet',
    'dns/hostnetwork-dns-policy',
  ),
  said('A ConfigMap value that is a boolean or a number', 'ConfigMap 的值是布尔值或数字', 'ingress/needs-string'),
  said('An unknown, misspelt or nginx-style key', '未知、拼错或 nginx 风格的键', 'ingress/unknown-key'),
  said('A snippet annotation while snippets are off', '片段未启用时的片段注解', 'ingress/snippet-refused'),
  said('An annotation above annotations-risk-level', '超过 annotations-risk-level 的注解', 'ingress/snippet-refused'),
  said('A value that annotation validation refuses', '注解校验拒绝的值', 'ingress/bad-annotation-value'),
  said(
    'A regular expression in a Prefix or Exact path',
    'Prefix 或 Exact 路径中的正则表达式',
    'ingress/path-type-regex',
  ),
  said('A misspelt annotation or a wrong prefix', '拼错的注解或错误的前缀', 'ingress/unknown-annotation'),
  said('No ingressClassName', '没有 ingressClassName', 'ingress/no-class'),
  said('A number with a unit, a switch with on or off', '带单位的数字、写成 on/off 的开关', 'ingress/bad-value'),
  said('A timeout annotation with a unit', '带单位的超时注解', 'ingress/bad-annotation-value'),
  said(
    'true or false where nginx wants on or off',
    '应为 on/off 却写成 true/false',
    'ingress/bad-value',
    'ingress/bad-annotation-value',
  ),
  said('A size with MB', '带 MB 的大小', 'ingress/bad-value', 'ingress/bad-annotation-value'),
  said('A ConfigMap that --configmap does not name', '未被 --configmap 指定的 ConfigMap', 'ingress/wrong-config-map'),
  said('HTTP/2 with prohibited ciphers', 'HTTP/2 与被禁用的密码套件', 'tls/http2-prohibited-cipher'),
  said('TLS 1.3 suites in ssl-ciphers', 'ssl-ciphers 中的 TLS 1.3 套件', 'tls/tls13-name'),
  said('TLS 1.0 and 1.1', 'TLS 1.0 和 1.1', 'tls/obsolete-protocol'),
  said('Forwarded headers from anybody', '信任任何人的转发头', 'ingress/spoofed-address'),
  unsaid(
    'A proxy in front, and use-forwarded-headers off',
    '前方有代理却没有启用 use-forwarded-headers',
    'What stands in front of the controller, and whether it ends TLS, is in no file that is read here.',
    '控制器前方有什么、是否终止 TLS，不在所读取的文件中。',
  ),
  said('The PROXY protocol on one side alone', '只有一端启用 PROXY 协议', 'ingress/proxy-protocol'),
  said('A liveness probe that is too tight', '过于严格的存活探针', 'probes/restart-under-loss'),
  said('A conntrack table that is too small', '过小的 conntrack 表', 'conntrack/max-per-core'),
  said('rewrite-target without a group', '没有捕获组的 rewrite-target', 'ingress/rewrite-without-group'),
  said('Ports of the node and a rollout', '节点端口与滚动更新', 'ingress/host-ports'),
  said('An old image of a project that has ended', '已终止项目的旧镜像', 'ingress/cve'),
  said(
    'An annotation in the ConfigMap or on a Service',
    '写在 ConfigMap 或 Service 上的注解',
    'ingress/unknown-key',
    'ingress/unknown-annotation',
  ),
  said('Regular expressions for a whole host', '整个主机的正则表达式', 'ingress/regex-whole-host'),
  unsaid(
    'An allow list behind externalTrafficPolicy Cluster',
    'externalTrafficPolicy 为 Cluster 时的允许列表',
    'Whether the source address survives depends on the cloud’s balancer and on kube-proxy, not on the Service alone.',
    '来源地址能否保留取决于云负载均衡器和 kube-proxy，而不仅是 Service。',
  ),
  said('DHE suites without parameters', '没有参数的 DHE 套件', 'tls/dead-dhe'),
  said('A probe that asks another port or path', '探针的端口或路径不一致', 'probes/mismatch'),
  said('hostNetwork without a source for the status', 'hostNetwork 而没有状态地址来源', 'ingress/status-address'),
  unsaid(
    'worker-processes auto on a node with many cores',
    '多核节点上的 worker-processes auto',
    'The number of cores is in no file; it is right for most nodes.',
    '核数不在文件中；对大多数节点来说这样设置是合适的。',
  ),
  said('A bad value that drops external authentication', '使外部认证失效的错误值', 'ingress/auth-dropped'),
  said(
    'Unknown hosts that are answered all the same',
    '未知主机仍被应答',
    'nginx/catch-all',
    'nginx/snippet-hits-every-host',
  ),
  said(
    'Buffer sizes that do not go together',
    '互相矛盾的缓冲区大小',
    'ingress/config-buffers',
    'ingress/annotation-buffers',
  ),
  said('auth-url with a short name', '使用短名称的 auth-url', 'ingress/auth-url-name'),
  said('A Secret of another namespace', '其他命名空间的 Secret', 'ingress/cross-namespace'),
  said('custom-headers without an allow list', '没有允许列表的 custom-headers', 'ingress/without-effect'),
  said('Removed keys and annotations', '已移除的键和注解', 'ingress/removed-key', 'ingress/unknown-annotation'),
  said('root or alias in a snippet', '片段中的 root 或 alias', 'nginx/compiled-out'),
  said('Broken nginx text in a snippet', '片段中有错误的 nginx 文本', 'nginx/syntax', 'nginx/directive-context'),
  said('A certificate for a host that no rule has', '没有规则使用的证书主机', 'ingress/unused-certificate'),
  said('ssl-passthrough without its flag', '没有对应参数的 ssl-passthrough', 'ingress/without-effect'),
  said('One host and path in two Ingresses', '两个 Ingress 的主机和路径相同', 'ingress/duplicate-path'),
  said('TCP services that are not as they must be', '格式不对的 TCP 服务', 'ingress/stream-service'),
  unsaid(
    'WebSockets that end after 60 seconds',
    '60 秒后断开的 WebSocket',
    'Nothing in an Ingress tells that its backend keeps connections open.',
    'Ingress 中没有内容表明后端会保持长连接。',
  ),
  said('A limit that each replica counts for itself', '每个副本各自计数的限制', 'ingress/limit-per-replica'),
  said('Scraped without metrics', '被采集却没有启用指标', 'ingress/metrics-off'),
  said('CORS for every origin, with credentials', '对所有来源启用且带凭据的 CORS', 'ingress/any-origin'),
]);

function said(en: string, zh: string, ...rules: readonly string[]): Pitfall {
  return Object.freeze({ title: { en, zh }, rules, reason: null });
}

function unsaid(en: string, zh: string, reasonEn: string, reasonZh: string): Pitfall {
  return Object.freeze({ title: { en, zh }, rules: [], reason: { en: reasonEn, zh: reasonZh } });
}
