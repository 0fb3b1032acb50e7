import { t } from '@vscode/l10n';
import type { Listing } from '../clients/listing';
import type { Session } from '../clients/session';
import type { TreeModel } from '../clients/treeModel';
import { listingKeyOf, type ClientNode } from '../clients/clientTree';
import type { Notices, Questions } from '../interaction/interaction';
import { plainText } from '../kernel/plainText';
import { pinsOf, type Profile } from '../profiles/profile';
import type { ProfileStore } from '../profiles/profileStore';
import type { ProfilesInView } from '../profiles/view/profilesInView';
import { regionName } from '../service/regions';
import { parseLink, type Link } from './links';

export interface OpenLinkDeps {
  readonly questions: Pick<Questions, 'confirm'>;
  readonly notices: Pick<Notices, 'info' | 'warn'>;
  readonly store: Pick<ProfileStore, 'list' | 'setPins'>;
  readonly view: Pick<ProfilesInView, 'shown' | 'setShown'>;
  readonly session: Pick<Session, 'listings' | 'refreshListing'>;
  readonly model: Pick<TreeModel, 'tree'>;
  /** Selects a row of the Backup Clients view. */
  readonly reveal: (nodeId: string) => Promise<void>;
  /** Opens the page of an operation; false when no such operation is recorded. */
  readonly showOperation: (operationId: string) => boolean;
  /** Brings the Backup Clients view to the front with a filter; without one it shows all clients. */
  readonly showFiltered: (filter: string) => Promise<void>;
}

/**
 * Opens a link from outside: it selects a row, opens a page, or filters the view. Anyone can write a link, so it asks
 * before it shows other profiles or regions, or a filter, and never changes a client.
 */
export function createOpenLink(
  deps: OpenLinkDeps,
): (address: { readonly path: string; readonly query: string }) => Promise<void> {
  const { notices } = deps;
  return async (address) => {
    const link = parseLink(address);
    switch (link?.kind) {
      case undefined:
        notices.warn(t("This link to Cloud Backup can't be read. Ask for a new one."));
        return;
      case 'client':
        await openClient(link, deps);
        return;
      case 'operation':
        if (!deps.showOperation(link.id))
          notices.info(t("This operation isn't recorded on this computer. Ask for its export instead."));
        return;
      case 'filter':
        await openFilter(link.text, deps);
    }
  };
}

async function openFilter(text: string, { questions, showFiltered }: OpenLinkDeps): Promise<void> {
  const filter = t({ message: 'Filter', comment: ['A button: filters the view'] });
  const answer = await questions.confirm({
    message: t({
      message: 'Filter clients by “{0}”?',
      args: [plainText(text, 80)],
      comment: ['A link asks for this filter'],
    }),
    detail: t('A link asks for this filter. It only hides clients from the view.'),
    actions: [filter],
  });
  if (answer === filter) await showFiltered(text);
}

async function openClient(link: Link & { kind: 'client' }, deps: OpenLinkDeps): Promise<void> {
  const { notices, session, store } = deps;
  const name = plainText(link.profile, 80);
  const named = store.list().filter((one) => one.id === link.profile || one.name === link.profile);
  const [profile] = named;
  if (!profile || named.length > 1) {
    notices.warn(
      profile
        ? t('Several profiles are named “{0}”. Rename one, then open the link again.', name)
        : t('There is no profile “{0}”. Add it, then open the link again.', name),
    );
    return;
  }
  if (!(await isShown(profile, link.regionId, deps))) return;
  const own = listingsOf(profile, link.regionId, session);
  if (!find(link, own, deps)) {
    const unread = own.filter(({ inventory }) => inventory.state.phase !== 'ready');
    await Promise.all(unread.map(({ key }) => session.refreshListing(key)));
  }
  const node = find(link, own, deps);
  if (node) {
    await deps.reveal(node.id);
    return;
  }
  const hidden = own.some(({ inventory }) => [...inventory.state.clients.values()].some(isMeant(link)));
  if (hidden) {
    notices.info(t('The filter hides the client of this link.'), [
      {
        label: t({ message: 'Clear Filter', comment: ['A button of a notification'] }),
        run: () => void deps.showFiltered(''),
      },
    ]);
    return;
  }
  notices.info(
    t({
      message: 'There is no client {id} in {region}.',
      args: { id: plainText(link.id), region: regionName(link.regionId) },
      comment: ['{id} is the ID of a client or of an instance'],
    }),
  );
}

/** Shows the region of the profile, after a question where it isn't in view yet; false when that was declined. */
async function isShown(profile: Profile, regionId: string, deps: OpenLinkDeps): Promise<boolean> {
  if (listingsOf(profile, regionId, deps.session).length > 0) return true;
  const show = t({ message: 'Show', comment: ['A button: shows another region or profile'] });
  const answer = await deps.questions.confirm({
    message: t({
      message: 'Show {region} of profile “{profile}”?',
      args: { region: regionName(regionId), profile: plainText(profile.name) },
      comment: ['A link leads to a client there'],
    }),
    detail: t("A link leads to a client there. This changes only what's shown."),
    actions: [show],
  });
  if (answer !== show) return false;
  const { shown } = deps.view;
  const pins = pinsOf(profile);
  if (!pins.some((pin) => pin.regionId === regionId))
    await deps.store.setPins(profile.id, [...pins, { regionId }]);
  if (!shown.some(({ id }) => id === profile.id))
    await deps.view.setShown([...shown.map(({ id }) => id), profile.id]);
  return true;
}

function listingsOf({ id }: Profile, regionId: string, session: OpenLinkDeps['session']): readonly Listing[] {
  return session.listings.filter(
    (listing) => listing.profile.id === id && listing.scope.regionId === regionId,
  );
}

function find(
  link: Link & { kind: 'client' },
  listings: readonly Listing[],
  { model }: OpenLinkDeps,
): ClientNode | undefined {
  const keys = new Set(listings.map(({ key }) => key));
  return model.tree.clients.find((node) => keys.has(listingKeyOf(node.id)) && isMeant(link)(node.client));
}

function isMeant({ id }: { readonly id: string }) {
  return (client: { readonly clientId?: string; readonly instanceId?: string }): boolean =>
    client.clientId === id || client.instanceId === id;
}
