import table from './ingressNginxReleases.json';

/** One release of the controller, and what its image holds. */
export interface ControllerRelease {
  readonly version: string;
  /** Version of the Helm chart that installs it; null where none was recorded. */
  readonly chart: string | null;
  /** ISO date; null where none was recorded. */
  readonly date: string | null;
  readonly nginx: string | null;
  /** Inferred from the image's Alpine. */
  readonly openssl: string | null;
  /** Minor releases of Kubernetes that upstream tested it with. */
  readonly kubernetes: readonly string[];
}

/** A vulnerability that was published. */
export interface Cve {
  readonly id: string;
  /** Ranges of controller versions, parted by commas: `<1.11.5, 1.12.0`, or words for all of them. */
  readonly affected: string;
  /** Releases that fix it, one for each line of releases; empty if none does. */
  readonly fixed: readonly string[];
  readonly vector: string;
  readonly severity: string | null;
  /** Where it was published: `owner/repository#number`. */
  readonly ref: string;
  /** The setting without which it stays open; a flag with the value '' closes it by being left out. Null if none does. */
  readonly closedBy: { readonly kind: 'key' | 'flag'; readonly name: string; readonly value: string } | null;
  /** Releases that fix it by that setting alone go up to this one, which has it as its default; null for none. */
  readonly openUntil: string | null;
}

/** A default that changed, or what the controller does by itself. */
export interface DefaultChange {
  readonly name: string;
  readonly kind: 'configmap' | 'flag' | 'helm' | 'template' | 'behaviour' | 'hard-coded' | 'build';
  /** In the order of versions: from which on, and the default since then. */
  readonly changes: readonly { readonly from: string; readonly value: string }[];
}

interface ReleaseRow {
  readonly version: string;
  readonly chart?: string;
  readonly date?: string;
  readonly nginx?: string;
  readonly openssl?: string;
  readonly kubernetes?: readonly string[];
}

interface CveRow {
  readonly id: string;
  readonly affected: string;
  readonly fixed: readonly string[];
  readonly vector: string;
  readonly severity?: string;
  readonly ref: string;
  readonly closedBy?: { readonly key?: string; readonly flag?: string; readonly value: string };
  readonly openUntil?: string;
}

const releaseRows: readonly ReleaseRow[] = table.releases;
const cveRows: readonly CveRow[] = table.cves;

/** Releases since 0.45.0, oldest first. */
export const CONTROLLER_RELEASES: readonly ControllerRelease[] = Object.freeze(
  releaseRows.map(({ version, chart = null, date = null, nginx = null, openssl = null, kubernetes = [] }) =>
    Object.freeze({ version, chart, date, nginx, openssl, kubernetes }),
  ),
);

export const CONTROLLER_CVES: readonly Cve[] = Object.freeze(
  cveRows.map(({ id, affected, fixed, vector, severity = null, ref, closedBy, openUntil = null }) =>
    Object.freeze({ id, affected, fixed, vector, severity, ref, closedBy: closing(closedBy), openUntil }),
  ),
);

function closing(row: CveRow['closedBy']): Cve['closedBy'] {
  if (!row) return null;
  const kind = row.flag === undefined ? 'key' : 'flag';
  return { kind, name: row.flag ?? row.key ?? '', value: row.value };
}

/** What changed by itself with a version. */
export const DEFAULT_CHANGES: readonly DefaultChange[] = Object.freeze(
  table.changes.map(({ name, kind, changes }) =>
    Object.freeze({
      name,
      kind: kind as DefaultChange['kind'],
      changes: changes.map(([from = '', value = '']) => ({ from, value })),
    }),
  ),
);
