import { writeTerm } from '../../clients/filter/filterText';
import { clientTraits } from '../../clients/traits';
import type { OverviewListing } from './facts';

/** What a mark, a link or a button of Fleet Overview opens. */
export type Target =
  /** The Backup Clients view, filtered by that text. */
  | { readonly type: 'filter'; readonly text: string }
  /** The page of an operation. */
  | { readonly type: 'operation'; readonly operationId: string }
  /** The Tasks view. */
  | { readonly type: 'tasks' }
  /** Install on ECS Instances, for the listing with that key. */
  | { readonly type: 'install'; readonly listing: string };

/** Makes a target that shows the clients to which all these terms apply. */
export type ShowClients = (...terms: readonly string[]) => Target;

/**
 * Shows clients in the tree, which has all listings.
 *
 * @param meant the listing that is meant; undefined for all of them
 */
export function showClientsOf(
  meant: OverviewListing | undefined,
  all: readonly OverviewListing[],
): ShowClients {
  const ofListing = meant && all.length > 1 ? termsOf(meant, all) : [];
  return (...terms) => ({ type: 'filter', text: [...terms, ...ofListing].join(' ') });
}

function termsOf({ label }: OverviewListing, all: readonly OverviewListing[]): readonly string[] {
  const { scope, profileName } = label;
  const types = new Set(
    all
      .filter(
        ({
          label: {
            scope: { regionId },
          },
        }) => regionId === scope.regionId,
      )
      .map(
        ({
          label: {
            scope: { clientType },
          },
        }) => clientType,
      ),
  );
  return [
    writeTerm('region', scope.regionId),
    writeTerm('profile', profileName),
    ...(types.size > 1 ? [writeTerm('type', clientTraits.type.valueOf(scope))] : []),
  ];
}
