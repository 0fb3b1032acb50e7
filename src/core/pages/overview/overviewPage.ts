import { t } from '@vscode/l10n';
import type { PageState } from '../page';

/** Everything Fleet Overview shows. */
export type OverviewPageState = PageState;

/** What Fleet Overview shows at `now`, in milliseconds since 1970. */
export function overviewPageState(now: number): OverviewPageState {
  return {
    subject: 'overview',
    title: t({ message: 'Fleet Overview', comment: ['Title of a page about all backup clients.'] }),
    now,
  };
}
