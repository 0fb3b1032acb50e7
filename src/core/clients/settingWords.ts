import { t } from '@vscode/l10n';
/** A data network; what is not documented stays as it came, what the service left out stays undefined. */
export function networkInWords(type: string | undefined): string | undefined {
  if (type === 'PUBLIC') return t('Internet');
  if (type === 'VPC') return t('VPC');
  return type === 'CLASSIC' ? t('Classic network') : type;
}

/** How data goes through a proxy. */
export function proxyInWords(setting: string | undefined): string | undefined {
  if (setting === 'DISABLE') return t('None');
  if (setting === 'USE_CONTROL_PROXY') return t('As for control traffic');
  return setting === 'CUSTOM' ? t('Own proxy') : setting;
}

/** A number for which 0 means no limit. */
export function limitInWords(value: number | undefined): string | undefined {
  return value === 0 ? t('no limit') : value?.toString();
}

/** Bytes as GiB where that is exact to a tenth, else as MiB; 0 means no limit. */
export function memoryInWords(bytes: number | undefined): string | undefined {
  if (!bytes) return limitInWords(bytes);
  const gibibytes = Math.round((bytes / 1024 ** 3) * 10) / 10;
  return gibibytes >= 1 && gibibytes * 1024 ** 3 === bytes
    ? t('{0} GiB', gibibytes)
    : t('{0} MiB', Math.round(bytes / 1024 ** 2));
}

/** A switch. */
export function yesOrNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? t('Yes') : t('No');
}
