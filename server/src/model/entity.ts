import type { BalancerService } from './balancerService.ts';
import type { Certificate } from './certificate.ts';
import type { ControllerConfig } from './controllerConfig.ts';
import type { ControllerWorkload } from './controllerWorkload.ts';
import type { Ingress } from './ingress.ts';
import type { IngressClass } from './ingressClass.ts';
import type { IptablesText } from './iptablesText.ts';
import type { KernelModules } from './kernelModules.ts';
import type { KubeProxyConfiguration } from './kubeProxyConfiguration.ts';
import type { KubeProxyFlags } from './kubeProxyFlags.ts';
import type { KubeProxySettings } from './kubeProxySettings.ts';
import type { Kustomization } from './kustomization.ts';
import type { NamedObject } from './namedObject.ts';
import type { NestedCluster } from './nestedCluster.ts';
import type { NftText } from './nftText.ts';
import type { NginxText } from './nginxText.ts';
import type { PlatformField } from './platformField.ts';
import type { PodNetwork } from './podNetwork.ts';
import type { PodSpec } from './podSpec.ts';
import type { PodSysctls } from './podSysctls.ts';
import type { Probe } from './probe.ts';
import type { WrittenRuleset } from './ruleset/ruleset.ts';
import type { Service } from './service.ts';
import type { ServiceFile } from './serviceFile.ts';
import type { ServiceProxy } from './serviceProxy.ts';
import type { ShellText } from './shellText.ts';
import type { StreamServices } from './streamServices.ts';
import type { SysctlSettings } from './sysctlSettings.ts';
import type { TlsName } from './tlsName.ts';
import type { TlsPolicy } from './tlsPolicy.ts';
import type { VersionEvidence } from './versions.ts';

/** Something that a piece says and that rules, hovers or the cluster ask for. */
export type Entity =
  | BalancerService
  | StreamServices
  | Certificate
  | ControllerConfig
  | ControllerWorkload
  | Ingress
  | IngressClass
  | IptablesText
  | KernelModules
  | KubeProxyConfiguration
  | KubeProxyFlags
  | KubeProxySettings
  | Kustomization
  | NamedObject
  | NestedCluster
  | NftText
  | NginxText
  | PlatformField
  | PodNetwork
  | PodSpec
  | PodSysctls
  | Probe
  | ServiceFile
  | Service
  | ServiceProxy
  | ShellText
  | SysctlSettings
  | TlsName
  | TlsPolicy
  | VersionEvidence
  | WrittenRuleset;

export type EntityKind = Entity['is'];

export type EntityOf<Kind extends EntityKind> = Extract<Entity, { readonly is: Kind }>;
