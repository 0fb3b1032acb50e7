import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { DisposableStore, toDisposable, type Disposable } from '../../core/kernel/disposables';
import { scopeLabelOf } from '../../core/clients/askListing';
import { scopeInWords } from '../../core/service/scopeLabel';
import { plainText } from '../../core/kernel/plainText';
import type { Clock } from '../../core/kernel/clock';
import type { Listing } from '../../core/clients/listing';
import type { Session } from '../../core/clients/session';
import type { TreeChoices, TreeModel } from '../../core/clients/treeModel';
import { viewMessageOf } from '../../core/clients/viewMessage';
import type { ContextKeys } from '../contextKeys';
import type { TreeElement } from '../../core/interaction/treeElement';

/** Keeps what stands around the client tree in step: title, badge, message, progress and welcome text. */
export function registerClientsView(world: {
  readonly view: vscode.TreeView<TreeElement>;
  readonly session: Session;
  readonly model: TreeModel;
  readonly choices: TreeChoices;
  readonly contextKeys: ContextKeys;
  readonly clock: Clock;
}): Disposable {
  const { view, session, model, choices, contextKeys, clock } = world;
  const owned = new DisposableStore();
  let endProgress: (() => void) | undefined;

  const showProgress = (loading: boolean) => {
    if (loading && !endProgress) {
      const ended = new Promise<void>((resolve) => (endProgress = resolve));
      void vscode.window.withProgress({ location: { viewId: 'cloudBackup.clients' } }, () => ended);
    } else if (!loading && endProgress) {
      endProgress();
      endProgress = undefined;
    }
  };

  const update = () => {
    const { profile, listings, state } = session;
    const states = listings.map(({ inventory }) => inventory.state);
    const filter = choices.filter();
    const shown = model.tree.clientCount;
    const allHidden = state === 'ready' && filter !== '' && shown === 0;
    contextKeys.set('cloudBackup.state', allHidden ? 'filteredOut' : state);
    contextKeys.set('cloudBackup.signedIn', profile !== undefined);
    contextKeys.set('cloudBackup.demo', profile?.demo === true);
    assign(view, 'description', titleOf(listings));
    assign(view, 'message', viewMessageOf(states, clock.now(), { filter, shown }));
    const { attentionCount } = model.tree;
    if (view.badge?.value !== (attentionCount || undefined)) {
      view.badge =
        attentionCount === 0
          ? undefined
          : {
              value: attentionCount,
              tooltip:
                attentionCount === 1
                  ? t('1 backup client needs attention')
                  : t('{0} backup clients need attention', attentionCount),
            };
    }
    showProgress(states.some(({ phase }) => phase === 'loading'));
  };

  owned.add(
    view.onDidChangeSelection(({ selection }) => {
      const installable = selection.some(({ id }) =>
        model.tree.byId.get(id)?.capabilities.has('installable'),
      );
      contextKeys.set('cloudBackup.selectionInstallable', installable);
    }),
  );
  owned.add(session.onDidChange(update));
  owned.add(model.onDidChange(update));
  owned.add(choices.onDidChange(update));
  owned.add(view.onDidChangeVisibility(({ visible }) => session.setVisible(visible)));
  owned.add(toDisposable(() => showProgress(false)));
  session.setVisible(view.visible);
  update();
  return owned;
}

/** Whose clients are in view, and where: the place of the only listing, else how many there are. */
function titleOf(listings: readonly Listing[]): string | undefined {
  const [first, ...others] = listings;
  if (!first || others.length === 0) return first && scopeInWords(scopeLabelOf(first));
  const profiles = new Set(listings.map(({ profile }) => profile.id)).size;
  if (profiles > 1) return t('{0} profiles', profiles);
  const name = first.profile.demo ? t('Demo') : plainText(first.profile.name);
  const regions = new Set(listings.map(({ scope }) => scope.regionId)).size;
  return regions > 1 ? t('{0} · {1} regions', name, regions) : t('{0} · {1} accounts', name, listings.length);
}

/** Sets a property of the view only when it differs: each set is a message to the workbench. */
function assign(
  view: vscode.TreeView<TreeElement>,
  property: 'description' | 'message',
  value: string | undefined,
): void {
  if ((view[property] ?? '') !== (value ?? '')) view[property] = value ?? '';
}
