import { names } from '../../model/controllers.ts';
import { flagNamed } from '../../model/controllerWorkload.ts';
import { nearest } from '../../model/nearest.ts';
import { folderOf } from '../../text/path.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './wrong-config-map.md';
import zh from './wrong-config-map.zh.md';

/** The controller reads the one ConfigMap that its `--configmap` names, and says nothing when there is none: another name, and all of it is dead. */
export const wrongConfigMap = rule({
  id: 'ingress/wrong-config-map',
  severity: 'warning',
  on: 'controllerConfig',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/controller/store/store.go (1.15.1): setConfig for the key of --configmap alone',
    'kubernetes/ingress-nginx#6837',
    'kubernetes/ingress-nginx#2593',
    'rancher/rancher#18263',
  ],
  summary: {
    en: 'A ConfigMap of the controller that its --configmap does not name',
    zh: '未被 --configmap 指定的控制器 ConfigMap',
  },
  messages: {
    en: {
      other: v => `The controller does not read this ConfigMap: its --configmap is ${v.named}`,
      none: () => 'The controller does not read this ConfigMap: it is started without --configmap',
      flag: () => 'The controller is started here',
    },
    zh: {
      other: v => `控制器不会读取此 ConfigMap：它的 --configmap 为 ${v.named}`,
      none: () => '控制器不会读取此 ConfigMap：启动时没有 --configmap',
      flag: () => '控制器在此处启动',
    },
  },
  page: { en, zh },

  *check(config, { cluster, file }) {
    if (
      config.origin !== 'configMap' ||
      config.evidence === null ||
      !config.name.place ||
      config.name.known === undefined
    )
      return;
    const all = cluster.all('controllerWorkload');
    if (all.some(({ entity }) => names(entity, config))) return;
    const near = nearest(file, all);
    if (near.length !== 1) return;
    const [{ entity, file: where, piece } = { entity: null, file: '', piece: 0 }] = near;
    if (entity?.origin !== 'manifest' || entity.mayHaveMoreFlags || folderOf(file) !== folderOf(where)) return;
    const flag = flagNamed(entity, '--configmap');
    if (flag && (flag.value === null || !/^[^/]*\/[\w.-]+$/.test(flag.value))) return;
    // Another ConfigMap may be the one that is meant, and this one another controller's.
    const others = cluster.all('controllerConfig').filter(other => names(entity, other.entity));
    if (others.length > 0) return;
    const draft = flag ? at(config.name, 'other', { named: flag.value ?? '' }) : at(config.name, 'none');
    yield draft.seeAlso('flag', flag?.place ?? entity.image.place, { file: where, piece });
  },
});
