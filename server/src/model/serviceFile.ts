import { baseName, withoutTemplateEnding } from '../text/path.ts';

/** A unit of systemd, or a drop-in of one, as far as it decides which words a service is started with. */
export interface ServiceFile {
  readonly is: 'serviceFile';
  /** As systemd knows it: `kube-proxy.service`. */
  readonly service: string;
  /** The drop-in's name; '' for the unit itself, which is read before all drop-ins. */
  readonly dropIn: string;
  /** True if an empty `ExecStart=` takes away what was said before. */
  readonly resetsStart: boolean;
  /** What `EnvironmentFile=` says, in order: the file's name, '' for one that the text does not show, null where all before are forgotten. */
  readonly variableFiles: readonly (string | null)[];
}

/** A file's name as it will be on the machine. */
export function nameOnMachine(path: string): string {
  return withoutTemplateEnding(baseName(path));
}

/** The service that a unit or drop-in at a path is of: systemd.unit(5), `NAME.service.d/*.conf`. */
export function serviceAt(path: string): Pick<ServiceFile, 'service' | 'dropIn'> {
  const [, service = ''] = /(?:^|\/)([^/]+\.service)\.d\/[^/]+$/.exec(path) ?? [];
  return service === '' ? { service: nameOnMachine(path), dropIn: '' } : { service, dropIn: nameOnMachine(path) };
}
