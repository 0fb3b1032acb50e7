import { t } from '@vscode/l10n';
import type { Notices, Questions } from '../../interaction/interaction';
import { clientTypes, type ClientType } from '../../service/model';
import { clientTypeInWords } from '../../service/words';
import type { ClientTypesInView } from './clientTypesInView';

/** Asks which types of clients the view lists. */
export type SelectClientTypes = () => Promise<void>;

export function createSelectClientTypes({
  types,
  questions,
  notices,
}: {
  readonly types: ClientTypesInView;
  readonly questions: Pick<Questions, 'many'>;
  readonly notices: Pick<Notices, 'info'>;
}): SelectClientTypes {
  return async () => {
    const chosen = await questions.many(
      {
        title: t({ message: 'Select Client Types', comment: ['Title of a dialog.'] }),
        placeholder: t('Types of clients to show in this workspace'),
      },
      clientTypes.map((type) => ({
        label: clientTypeInWords(type),
        description: whereInWords[type](),
        picked: types.current.includes(type),
        value: type,
      })),
    );
    if (chosen?.length === 0)
      notices.info(t("Select at least one client type. Your selection wasn't saved."));
    else if (chosen) types.set(chosen);
  };
}

const whereInWords: Readonly<Record<ClientType, () => string>> = {
  ECS_CLIENT: () => t('On ECS instances: install, upgrade, uninstall, and edit settings'),
  CONTAINER_CLIENT: () => t('In container clusters: view and edit settings'),
  LOCAL_CLIENT: () => t('On servers outside ECS: view and edit settings'),
};
