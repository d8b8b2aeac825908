import type { Entity, EntityKind } from '../model/entity.ts';
import { isHeeded } from '../model/tlsPolicy.ts';
import { beLiberal } from './conntrack/be-liberal.ts';
import { bucketsNotRaised } from './conntrack/buckets-not-raised.ts';
import { closeWait } from './conntrack/close-wait.ts';
import { configWins } from './conntrack/config-wins.ts';
import { flagRefused } from './conntrack/flag-refused.ts';
import { flagValue } from './conntrack/flag-value.ts';
import { ipvs } from './conntrack/ipvs.ts';
import { maxPerCore } from './conntrack/max-per-core.ts';
import { minUnused } from './conntrack/min-unused.ts';
import { moduleNotLoaded } from './conntrack/module-not-loaded.ts';
import { nestedNode } from './conntrack/nested-node.ts';
import { noRestart } from './conntrack/no-restart.ts';
import { oldSysctlName } from './conntrack/old-sysctl-name.ts';
import { platformField } from './conntrack/platform-field.ts';
import { podSysctl } from './conntrack/pod-sysctl.ts';
import { readOnlySysctls } from './conntrack/read-only-sysctls.ts';
import { sysctlName } from './conntrack/sysctl-name.ts';
import { sysctlOverwritten } from './conntrack/sysctl-overwritten.ts';
import { sysctlRewritten } from './conntrack/sysctl-rewritten.ts';
import { sysctlValue } from './conntrack/sysctl-value.ts';
import { timeouts } from './conntrack/timeouts.ts';
import { unknownField } from './conntrack/unknown-field.ts';
import { wrongValue } from './conntrack/wrong-value.ts';
import { hostnetworkDnsPolicy } from './dns/hostnetwork-dns-policy.ts';
import type { Draft } from './draft.ts';
import { annotationBuffers } from './ingress/annotation-buffers.ts';
import { annotationNeedsString } from './ingress/annotation-needs-string.ts';
import { anyOrigin } from './ingress/any-origin.ts';
import { authDropped } from './ingress/auth-dropped.ts';
import { authUrlName } from './ingress/auth-url-name.ts';
import { badAnnotationValue } from './ingress/bad-annotation-value.ts';
import { badValue } from './ingress/bad-value.ts';
import { configBuffers } from './ingress/config-buffers.ts';
import { crossNamespace } from './ingress/cross-namespace.ts';
import { cve } from './ingress/cve.ts';
import { duplicatePath } from './ingress/duplicate-path.ts';
import { helmNumber } from './ingress/helm-number.ts';
import { hostPorts } from './ingress/host-ports.ts';
import { limitPerReplica } from './ingress/limit-per-replica.ts';
import { metricsOff } from './ingress/metrics-off.ts';
import { needsString } from './ingress/needs-string.ts';
import { noClass } from './ingress/no-class.ts';
import { pathTypeRegex } from './ingress/path-type-regex.ts';
import { proxyProtocol } from './ingress/proxy-protocol.ts';
import { readOnlyWith } from './ingress/read-only-with.ts';
import { regexWholeHost } from './ingress/regex-whole-host.ts';
import { removedKey } from './ingress/removed-key.ts';
import { retired } from './ingress/retired.ts';
import { rewriteWithoutGroup } from './ingress/rewrite-without-group.ts';
import { snippetRefused } from './ingress/snippet-refused.ts';
import { spoofedAddress } from './ingress/spoofed-address.ts';
import { statusAddress } from './ingress/status-address.ts';
import { streamService } from './ingress/stream-service.ts';
import { unknownAnnotation } from './ingress/unknown-annotation.ts';
import { unknownFlag } from './ingress/unknown-flag.ts';
import { unknownKey } from './ingress/unknown-key.ts';
import { unusedCertificate } from './ingress/unused-certificate.ts';
import { withoutEffect } from './ingress/without-effect.ts';
import { wrongConfigMap } from './ingress/wrong-config-map.ts';
import { appendAgain } from './netfilter/append-again.ts';
import { commandRefused } from './netfilter/command-refused.ts';
import { grepForRule } from './netfilter/grep-for-rule.ts';
import { loAddressesOnly } from './netfilter/lo-addresses-only.ts';
import { mixedBackends } from './netfilter/mixed-backends.ts';
import { nftNotrackLate } from './netfilter/nft-notrack-late.ts';
import { noIp6Twin } from './netfilter/no-ip6-twin.ts';
import { noShell } from './netfilter/no-shell.ts';
import { noWait } from './netfilter/no-wait.ts';
import { notrackDefeatsNat } from './netfilter/notrack-defeats-nat.ts';
import { notrackOneWay } from './netfilter/notrack-one-way.ts';
import { notrackUntrackedDropped } from './netfilter/notrack-untracked-dropped.ts';
import { restoreFlushes } from './netfilter/restore-flushes.ts';
import { restoreFlushesKubeProxy } from './netfilter/restore-flushes-kube-proxy.ts';
import { ruleShadowed } from './netfilter/rule-shadowed.ts';
import { savedKubeChains } from './netfilter/saved-kube-chains.ts';
import { secondBlock } from './netfilter/second-block.ts';
import { severalAddresses } from './netfilter/several-addresses.ts';
import { stateInRaw } from './netfilter/state-in-raw.ts';
import { netfilterSyntax } from './netfilter/syntax.ts';
import { unknownChain } from './netfilter/unknown-chain.ts';
import { unreachedChain } from './netfilter/unreached-chain.ts';
import { wrongTable } from './netfilter/wrong-table.ts';
import { catchAll } from './nginx/catch-all.ts';
import { compiledOut } from './nginx/compiled-out.ts';
import { directiveContext } from './nginx/directive-context.ts';
import { http2OfSocket } from './nginx/http2-of-socket.ts';
import { listenHttp2 } from './nginx/listen-http2.ts';
import { proxyBuffers } from './nginx/proxy-buffers.ts';
import { repeatsControllerDirective } from './nginx/repeats-controller-directive.ts';
import { snippetHitsEveryHost } from './nginx/snippet-hits-every-host.ts';
import { sslDirective } from './nginx/ssl-directive.ts';
import { syntax } from './nginx/syntax.ts';
import { mismatch } from './probes/mismatch.ts';
import { restartUnderLoss } from './probes/restart-under-loss.ts';
import type { Rule, RuleContext } from './rule.ts';
import { annotationCharset } from './tls/annotation-charset.ts';
import { cipherListRefused } from './tls/cipher-list-refused.ts';
import { deadDhe } from './tls/dead-dhe.ts';
import { dropsClients } from './tls/drops-clients.ts';
import { http2ProhibitedCipher } from './tls/http2-prohibited-cipher.ts';
import { keyTypeMismatch } from './tls/key-type-mismatch.ts';
import { noSuchSetting } from './tls/no-such-setting.ts';
import { obsoleteProtocol } from './tls/obsolete-protocol.ts';
import { perHostProtocols } from './tls/per-host-protocols.ts';
import { tls13Missing } from './tls/tls13-missing.ts';
import { tls13Name } from './tls/tls13-name.ts';
import { unknownCipher } from './tls/unknown-cipher.ts';

/** A rule of whatever entity and messages; each was held to its own types where it was declared. */
export type AnyRule = Rule<EntityKind, string>;

const LISTED: readonly AnyRule[] = [
  bucketsNotRaised,
  closeWait,
  configWins,
  flagRefused,
  ipvs,
  maxPerCore,
  minUnused,
  moduleNotLoaded,
  nestedNode,
  noRestart,
  oldSysctlName,
  podSysctl,
  sysctlName,
  sysctlOverwritten,
  sysctlRewritten,
  sysctlValue,
  timeouts,
  unknownField,
  wrongValue,
  hostnetworkDnsPolicy,
  annotationBuffers,
  annotationNeedsString,
  anyOrigin,
  authDropped,
  authUrlName,
  badAnnotationValue,
  badValue,
  configBuffers,
  crossNamespace,
  cve,
  retired,
  duplicatePath,
  helmNumber,
  hostPorts,
  limitPerReplica,
  metricsOff,
  needsString,
  noClass,
  pathTypeRegex,
  proxyProtocol,
  readOnlyWith,
  regexWholeHost,
  removedKey,
  rewriteWithoutGroup,
  snippetRefused,
  spoofedAddress,
  statusAddress,
  streamService,
  unknownAnnotation,
  unknownFlag,
  unknownKey,
  unusedCertificate,
  withoutEffect,
  wrongConfigMap,
  appendAgain,
  grepForRule,
  loAddressesOnly,
  mixedBackends,
  nftNotrackLate,
  noIp6Twin,
  noWait,
  notrackDefeatsNat,
  notrackOneWay,
  notrackUntrackedDropped,
  restoreFlushes,
  restoreFlushesKubeProxy,
  ruleShadowed,
  savedKubeChains,
  secondBlock,
  severalAddresses,
  stateInRaw,
  netfilterSyntax,
  unknownChain,
  unreachedChain,
  wrongTable,
  catchAll,
  compiledOut,
  directiveContext,
  http2OfSocket,
  listenHttp2,
  proxyBuffers,
  repeatsControllerDirective,
  snippetHitsEveryHost,
  sslDirective,
  syntax,
  mismatch,
  restartUnderLoss,
  annotationCharset,
  cipherListRefused,
  deadDhe,
  dropsClients,
  http2ProhibitedCipher,
  keyTypeMismatch,
  noSuchSetting,
  obsoleteProtocol,
  perHostProtocols,
  tls13Missing,
  tls13Name,
  unknownCipher,
  commandRefused,
  readOnlySysctls,
  platformField,
  noShell,
  flagValue,
  beLiberal,
];

/** Every rule, by area and name. */
export const RULES: readonly AnyRule[] = [...LISTED].sort((a, b) => (a.id < b.id ? -1 : 1));

/** What a rule finds at an entity; nothing at one that it does not look at, or that no controller reads. */
export function check(rule: AnyRule, entity: Entity, context: RuleContext): Iterable<Draft> {
  if (typeof rule.on === 'string' ? rule.on !== entity.is : !rule.on.includes(entity.is)) return [];
  const isTls = entity.is === 'tlsPolicy' || entity.is === 'tlsName';
  return isTls && !isHeeded(entity, context.cluster) ? [] : rule.check(entity, context);
}
