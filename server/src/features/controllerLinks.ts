import type { Located } from '../model/cluster.ts';
import type { Entity } from '../model/entity.ts';
import { means, type NamedObject, type Reference, referencesOf } from '../model/namedObject.ts';
import type { Place } from '../model/value.ts';
import { touches } from '../text/span.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import type { Links, Target } from './answers.ts';

/** From what an Ingress or a flag names to the object and back: Services, Secrets, ConfigMaps and IngressClasses. */
export function controllerLinks(piece: PieceAt, workspace: Workspace): Links | null {
  const { linked: cluster } = workspace;
  const reference = piece.entities.flatMap(referencesOf).find(({ place }) => isAt(place, piece.offset));
  const own = piece.entities.find(
    (entity): entity is NamedObject => entity.is === 'namedObject' && isAt(entity.name.place, piece.offset),
  );
  if (!reference && !own) return null;
  const objects = cluster
    .all('namedObject')
    .filter(({ entity }) => (reference ? means(reference, entity) : isSame(entity, own)));
  const named = objects.map(({ entity }) => entity);
  const users = [...cluster.all('ingress'), ...cluster.all('controllerWorkload')];
  const references = users.flatMap(user =>
    referencesOf(user.entity)
      .filter(each => named.some(object => means(each, object)) || isAlike(each, reference))
      .flatMap(({ place }) => targetOf(user, place, workspace)),
  );
  return { definitions: objects.flatMap(each => targetOf(each, each.entity.name.place, workspace)), references };
}

function isAt(place: Place | null, offset: number): boolean {
  return place !== null && touches(place.entry, offset);
}

function isSame(entity: NamedObject, own: NamedObject | undefined): boolean {
  return (
    own !== undefined &&
    entity.kind === own.kind &&
    entity.name.known === own.name.known &&
    entity.namespace.known === own.namespace.known
  );
}

/** Who names the same thing, whether it is in the workspace or not. */
function isAlike(a: Reference, b: Reference | undefined): boolean {
  return b !== undefined && a.kind === b.kind && a.name === b.name && a.namespace === b.namespace;
}

function targetOf({ file, piece }: Located<Entity>, place: Place | null, workspace: Workspace): Target[] {
  const there = workspace.pieces(file)[piece];
  return there && place ? [{ file, range: there.rangeOf(place.value) }] : [];
}
