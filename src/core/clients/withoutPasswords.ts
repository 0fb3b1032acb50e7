import type { ClientSettings } from '../service/model';

const mask = '******';

/**
 * The settings of a client without passwords that someone typed into other fields: `user:password` as the user of a proxy,
 * `user:password@host` as its host. The field for the password is never decoded.
 */
export function withoutPasswords(settings: ClientSettings): ClientSettings {
  const { proxyUser, proxyHost } = settings;
  return {
    ...settings,
    ...(proxyUser !== undefined && { proxyUser: proxyUser.replace(/:.*$/s, `:${mask}`) }),
    ...(proxyHost !== undefined && { proxyHost: proxyHost.replace(/^(.*\/\/)?.*@/s, `$1${mask}@`) }),
  };
}
